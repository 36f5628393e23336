import { unanswerableByTasks } from './answerable.ts';
import type { Condition } from './condition.ts';
import type { QueryContext } from './context.ts';
import { queryError, queryFault } from './error.ts';
import { lowerQuery } from './lower.ts';
import { type ParsedQuery, readQuery } from './parser.ts';
import { printWithSpans } from './printer.ts';
import type { Query } from './syntax.ts';

/** Reads a query that tasks are to answer; what only GitHub knows is refused where it stands. */
export function parseTaskQuery(text: string, { me }: Pick<QueryContext, 'me'>): ParsedQuery {
  const read = readQuery(text);
  if (read.kind === 'error') return read;
  const { query, reader } = read;
  const unanswerable = unanswerableByTasks(query, me);
  if (unanswerable === undefined) return { kind: 'ok', query };
  const span = reader.spans.get(unanswerable.term) ?? { start: 0, end: reader.text.length };
  return { kind: 'error', error: queryError(reader.text, span, unanswerable.problem) };
}

/** For stores. Throws E106 for what tasks cannot answer: whoever took the query in has not asked `parseTaskQuery`. */
export function taskCondition(query: Query, context: QueryContext): Condition {
  const unanswerable = unanswerableByTasks(query, context.me);
  if (unanswerable === undefined) return lowerQuery(query, context);
  const { text, spans } = printWithSpans(query);
  const span = spans.get(unanswerable.term) ?? { start: 0, end: text.length };
  throw queryFault(queryError(text, span, unanswerable.problem));
}
