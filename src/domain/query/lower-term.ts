import { EntropyError } from '../error.ts';
import { isMe } from './answerable.ts';
import { type Bounds, countBounds, dateBounds } from './bounds.ts';
import { always, anyOf, type Condition, type EdgeTarget, type Measure, type Subject } from './condition.ts';
import type { QueryContext } from './context.ts';
import { microUsdOf } from './field-values.ts';
import { fold } from './fold.ts';
import type { QueryValue, TermQuery } from './syntax.ts';

/** One term as a condition; its values are one of several. */
export function lowerTerm(term: TermQuery, context: QueryContext): Condition {
  const { field, values } = term;
  switch (field) {
    case 'in':
    case 'sort':
      return always;
    case 'is':
    case 'type':
    case 'state':
    case 'no':
      return anyOf(values.map((value) => flagged(field, literalText(term, value), context)));
    case 'label':
    case 'assignee':
    case 'author':
    case 'milestone':
    case 'agent':
    case 'role':
      return sameOrAny(term, field, context);
    case 'repo':
      return sameOrAny(term, 'repository', context);
    case 'org':
    case 'user':
      return sameOrAny(term, 'owner', context);
    case 'claimed-by':
      return sameOrAny(term, 'holder', context);
    case 'created':
    case 'updated':
    case 'closed':
      return anyOf(values.map((value) => bounded(field, dateBounds(value, context.now))));
    case 'comments':
    case 'attempts':
    case 'fence':
    case 'priority':
      return anyOf(values.map((value) => bounded(field, countBounds(value, Number))));
    case 'cost':
      return anyOf(values.map((value) => bounded(field, countBounds(value, microUsdOf))));
    case 'blocked-by':
    case 'blocks':
      if (values.some(({ kind }) => kind === 'any')) return { kind: 'present', subject: field };
      return { kind: 'edge', edge: field, to: values.map((value) => targetOf(literalText(term, value))) };
    default:
      return misread(field);
  }
}

function flagged(field: 'is' | 'type' | 'state' | 'no', text: string, context: QueryContext): Condition {
  if (field === 'no' && (text === 'label' || text === 'milestone' || text === 'assignee')) {
    return { kind: 'not', part: { kind: 'present', subject: text } };
  }
  switch (text) {
    case 'open':
    case 'closed':
    case 'issue':
      return { kind: 'flag', flag: text };
    case 'pr':
      return { kind: 'flag', flag: 'pull' };
    case 'stale':
      return { kind: 'within', measure: 'progress', max: context.now - context.staleAfterMs };
    case 'ready':
    case 'claimed':
    case 'blocked':
      if (field === 'is') return { kind: 'flag', flag: text };
  }
  return { kind: 'same', subject: 'state', folded: [text] };
}

function sameOrAny(term: TermQuery, subject: Subject, { me = '' }: QueryContext): Condition {
  if (term.values.some(({ kind }) => kind === 'any')) return { kind: 'present', subject };
  const isAccount = subject === 'author' || subject === 'assignee';
  const folded = term.values.map((value) => {
    const text = fold(isMe(term, value) ? me : literalText(term, value));
    return isAccount ? text.replace(/^app\/(.*)$/s, '$1[bot]') : text;
  });
  return { kind: 'same', subject, folded };
}

function bounded(measure: Measure, { min, max }: Bounds): Condition {
  return { kind: 'within', measure, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function targetOf(reference: string): EdgeTarget {
  const [repository, number] = reference.split('#');
  if (number === undefined) return { kind: 'key', key: reference };
  const target = { kind: 'number', number: Number(number) } as const;
  return repository === undefined || repository === '' ? target : { ...target, repository };
}

function literalText(term: TermQuery, value: QueryValue): string {
  return value.kind === 'literal' ? value.text : misread(term.field);
}

/** The parser lets no such value through and the check before lets no such field through. */
function misread(field: string): never {
  throw new EntropyError({
    code: 'E900',
    message: `a query with "${field}:" reached the tasks in a form that they do not know`,
    fix: 'report it with the query',
  });
}
