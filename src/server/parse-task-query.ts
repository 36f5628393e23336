import type { Caller } from '../domain/access/caller.ts';
import { queryWithin } from '../domain/access/scoped-query.ts';
import { defaultStaleAfterMs, type QueryContext } from '../domain/query/context.ts';
import { queryFix } from '../domain/query/error.ts';
import type { Query } from '../domain/query/syntax.ts';
import { parseTaskQuery } from '../domain/query/task-query.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProblemDetails } from './problems.ts';

export type AskedQuery =
  | { readonly kind: 'query'; readonly query: Query; readonly context: QueryContext }
  | { readonly kind: 'problem'; readonly problem: ProblemDetails };

/** `me`: the login that the caller gives; for a workflow run whoever started it. */
export function readTaskQuery(
  { q = '', me }: { readonly q?: string; readonly me?: string },
  caller: Caller,
  clock: Clock,
): AskedQuery {
  const who = me ?? (caller.kind === 'runner' ? caller.actor : undefined);
  const context = { now: clock.now(), staleAfterMs: defaultStaleAfterMs, ...(who !== undefined && { me: who }) };
  const parsed = parseTaskQuery(q, context);
  if (parsed.kind === 'ok') return { kind: 'query', query: queryWithin(caller, parsed.query), context };
  const { message, column, line, caret } = parsed.error;
  return {
    kind: 'problem',
    problem: {
      status: 400,
      code: 'E106',
      detail: `the query was not understood: ${message} at column ${column}\n${line}\n${caret}`,
      fix: queryFix(parsed.error),
      problems: [{ at: 'q', message: `${message} at column ${column}` }],
    },
  };
}
