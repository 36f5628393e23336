import { EntropyError } from '../error.ts';
import { isMe } from './answerable.ts';
import { always, anyOf, type Condition, type EdgeTarget, type Measure, type Subject } from './condition.ts';
import type { QueryContext } from './context.ts';
import { ageMs, type DateSpan, dateSpan } from './dates.ts';
import { microUsdOf } from './field-values.ts';
import { fold } from './fold.ts';
import type { Comparison, QueryValue, TermQuery } from './syntax.ts';

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
      return anyOf(values.map((value) => dated(field, value, context.now)));
    case 'comments':
    case 'attempts':
    case 'fence':
    case 'priority':
      return anyOf(values.map((value) => counted(field, value, Number)));
    case 'cost':
      return anyOf(values.map((value) => counted(field, value, microUsdOf)));
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

/** An age grows backwards: `>7d` is longer ago than seven days, `7d` not longer ago. */
const reversed = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' } as const satisfies Record<Comparison, Comparison>;

function dated(measure: Measure, value: QueryValue, now: number): Condition {
  switch (value.kind) {
    case 'any':
      return bounded(measure, undefined, undefined);
    case 'literal': {
      const { from, until, age } = momentOf(value.text, now);
      return bounded(measure, from, age ? undefined : until - 1);
    }
    case 'range': {
      const [first, last] = [momentOf(value.from, now), momentOf(value.to, now)];
      return first.age ? bounded(measure, last.from, first.until - 1) : bounded(measure, first.from, last.until - 1);
    }
    case 'compare': {
      const { from, until, age } = momentOf(value.text, now);
      return compared(measure, age ? reversed[value.operator] : value.operator, { first: from, last: until - 1 });
    }
    default:
      return value satisfies never;
  }
}

function momentOf(text: string, now: number): DateSpan & { readonly age: boolean } {
  const age = ageMs(text);
  if (age !== undefined) return { from: now - age, until: now - age + 1, age: true };
  const span = dateSpan(text, now);
  return span === undefined ? misread('date') : { ...span, age: false };
}

function counted(measure: Measure, value: QueryValue, read: (text: string) => number): Condition {
  switch (value.kind) {
    case 'any':
      return bounded(measure, undefined, undefined);
    case 'literal':
      return bounded(measure, read(value.text), read(value.text));
    case 'range':
      return bounded(measure, read(value.from), read(value.to));
    case 'compare':
      return compared(measure, value.operator, { first: read(value.text), last: read(value.text) });
    default:
      return value satisfies never;
  }
}

/** Against a value that may be as long as a day: from its first to its last millisecond. */
function compared(
  measure: Measure,
  operator: Comparison,
  { first, last }: { readonly first: number; readonly last: number },
): Condition {
  switch (operator) {
    case '>':
      return bounded(measure, last + 1, undefined);
    case '>=':
      return bounded(measure, first, undefined);
    case '<':
      return bounded(measure, undefined, first - 1);
    case '<=':
      return bounded(measure, undefined, last);
    default:
      return operator satisfies never;
  }
}

function bounded(measure: Measure, min: number | undefined, max: number | undefined): Condition {
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
