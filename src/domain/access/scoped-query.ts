import { conjunction } from '../query/normal-form.ts';
import type { Query, TermQuery } from '../query/syntax.ts';
import { type Caller, repositoriesOf } from './caller.ts';

/** The query, and of its tasks only those that the caller may see. Its order stays. */
export function queryWithin(caller: Caller, query: Query): Query {
  const repositories = repositoriesOf(caller);
  if (repositories === undefined) return query;
  const own: TermQuery = {
    kind: 'term',
    field: 'repo',
    values: repositories.map((repository) => ({ kind: 'literal', text: repository })),
  };
  const scoped = conjunction([query, own]);
  // A conjunction with an `in:` of its own stays a part of ours; the order is read from the outermost one only.
  const outermost = scoped.kind === 'and' ? scoped.parts : [scoped];
  const hidden = outermost.includes(query) && query.kind === 'and' ? query.parts.filter(isSort) : [];
  return conjunction([...outermost, ...hidden]);
}

function isSort(query: Query): boolean {
  return query.kind === 'term' && query.field === 'sort';
}
