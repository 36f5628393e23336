import type { QueryProblem } from './error.ts';
import { answererOf, queryField } from './fields.ts';
import { termText } from './printer.ts';
import type { Query, QueryValue, TermQuery } from './syntax.ts';

/** A term that cannot be answered there, and why. */
export interface Unanswerable {
  readonly term: TermQuery;
  readonly problem: QueryProblem;
}

/** What mirrored tasks cannot answer; the first of it. `me`: the login behind `@me`, when somebody is known. */
export function unanswerableByTasks(query: Query, me: string | undefined): Unanswerable | undefined {
  switch (query.kind) {
    case 'and':
    case 'or':
      for (const part of query.parts) {
        const found = unanswerableByTasks(part, me);
        if (found !== undefined) return found;
      }
      return undefined;
    case 'not':
      return unanswerableByTasks(query.part, me);
    case 'term':
      return termProblem(query, me);
    case 'text':
    case 'all':
      return undefined;
    default:
      return query satisfies never;
  }
}

function termProblem(term: TermQuery, me: string | undefined): Unanswerable | undefined {
  const field = queryField(term.field);
  const problem = (message: string, expected: string): Unanswerable => ({ term, problem: { message, expected } });
  if (field === undefined) return problem(`there is no field "${term.field}:"`, 'expected a field that is known');
  for (const value of term.values) {
    if (isMe(term, value) && me === undefined) {
      return problem('"@me" is not known here', 'name a login, or say who you are with a key or a token');
    }
    const named = termText({ ...term, values: [value] });
    switch (answererOf(field, value.kind === 'literal' ? value.text : '')) {
      case 'github':
        return problem(`only GitHub's own search knows ${named}`, 'remove it: tasks are what was mirrored of issues');
      case 'nobody':
        return problem(`${named} is not about issues`, 'remove it: it belongs to searches for repositories and code');
      case 'both':
      case 'tasks':
        break;
    }
  }
  return undefined;
}

export function isMe({ field }: TermQuery, value: QueryValue): boolean {
  return value.kind === 'literal' && value.text.toLowerCase() === '@me' && queryField(field)?.takes === 'person';
}
