import { defaultStaleAfterMs, type QueryContext } from '../../domain/query/context.ts';
import { queryFault } from '../../domain/query/error.ts';
import { conjunction } from '../../domain/query/normal-form.ts';
import { parseQuery } from '../../domain/query/parser.ts';
import type { Query } from '../../domain/query/syntax.ts';
import type { RepositoryRef } from '../../domain/repository.ts';

/** `--search` as a syntax tree; within one repository when one is named. E106 points at the column. */
export function readSearch(text: string | undefined, repository: RepositoryRef | undefined): Query {
  const parsed = parseQuery(text ?? '');
  if (parsed.kind === 'error') throw queryFault(parsed.error);
  if (repository === undefined) return parsed.query;
  const name = `${repository.owner}/${repository.name}`.toLowerCase();
  return conjunction([parsed.query, { kind: 'term', field: 'repo', values: [{ kind: 'literal', text: name }] }]);
}

export function queryContext(now: number, me: string | undefined): QueryContext {
  return { now, staleAfterMs: defaultStaleAfterMs, ...(me !== undefined && { me }) };
}
