import type { QueryField } from '../../src/domain/query/field.ts';
import { canonicalValue, isOrdered } from '../../src/domain/query/field-values.ts';
import { ownFieldPrefix, queryFields } from '../../src/domain/query/fields.ts';
import { conjunction, disjunction, negation } from '../../src/domain/query/normal-form.ts';
import type { Comparison, Query, QueryValue, TermQuery } from '../../src/domain/query/syntax.ts';
import { vocabulary } from './generated-tasks.ts';
import type { Draw } from './seeded-numbers.ts';

/** `tasks`: only what mirrored tasks can answer, of what occurs in them. `any`: everything that can be written. */
export type QueryRange = 'tasks' | 'any';

/** A query in its normal form. */
export function generatedQuery(draw: Draw, range: QueryRange, depth = 3): Query {
  const query = generatedPart(draw, range, depth);
  if (!draw.chance(0.3)) return query;
  const sort = term('sort', [value(draw, 'sort', range)]);
  return conjunction(draw.chance(0.5) ? [query, sort] : [sort, query]);
}

function generatedPart(draw: Draw, range: QueryRange, depth: number): Query {
  if (depth === 0 || draw.chance(0.35)) return draw.chance(0.2) ? generatedText(draw) : generatedTerm(draw, range);
  const parts = Array.from({ length: 1 + draw.below(3) }, () => generatedPart(draw, range, depth - 1));
  switch (draw.below(4)) {
    case 0:
      return disjunction(parts);
    case 1:
      return negation(conjunction(parts));
    case 2:
      return conjunction([...parts, generatedText(draw), term('in', [literal(draw.one(places(range)))])]);
    default:
      return conjunction(parts);
  }
}

function places(range: QueryRange): readonly string[] {
  return range === 'tasks' ? ['title', 'body'] : ['title', 'body', 'comments'];
}

function generatedText(draw: Draw): Query {
  const words = Array.from({ length: 1 + draw.below(2) }, () => draw.one(vocabulary.words));
  return { kind: 'text', text: words.join(draw.one([' ', '-', ' - ', '\\', '"', ': '])) };
}

function generatedTerm(draw: Draw, range: QueryRange): Query {
  const fields = queryFields.filter(
    ({ name, answeredBy }) =>
      name !== 'in' && name !== 'sort' && (range === 'any' || answeredBy === 'both' || answeredBy === 'tasks'),
  );
  const { name } = draw.one(fields);
  const field = name === ownFieldPrefix ? `${name}${draw.one(['priority', 'target date', 'say "x"', 'ä'])}` : name;
  return term(
    field,
    Array.from({ length: draw.chance(0.8) ? 1 : 2 + draw.below(2) }, () => value(draw, name, range)),
  );
}

const term = (field: string, values: readonly QueryValue[]): TermQuery => ({ kind: 'term', field, values });
const literal = (text: string): QueryValue => ({ kind: 'literal', text });

function value(draw: Draw, name: string, range: QueryRange): QueryValue {
  const field = queryFields.find((known) => known.name === name);
  if (field === undefined) throw new Error(`no field ${name}`);
  if (field.any && draw.chance(0.15)) return { kind: 'any' };
  if (!isOrdered(field.takes) || draw.chance(0.3)) return literal(text(draw, field, range));
  if (draw.chance(0.3)) {
    const from = text(draw, field, range);
    const sameKind = /^\d+[mhdw]$/.test(from);
    let to = text(draw, field, range);
    while (field.takes === 'date' && /^\d+[mhdw]$/.test(to) !== sameKind) to = text(draw, field, range);
    if (!/[\s,]/.test(`${from}${to}`)) return { kind: 'range', from, to };
  }
  const operand = text(draw, field, range);
  const operator = draw.one<Comparison>(['>', '>=', '<', '<=']);
  return /[\s,]/.test(operand) ? literal(operand) : { kind: 'compare', operator, text: operand };
}

/** In canonical form. */
function text(draw: Draw, field: QueryField, range: QueryRange): string {
  const drawn = draw.one(candidates(field, range));
  const canonical = canonicalValue(field, drawn);
  if (canonical === undefined) throw new Error(`${field.name}: takes no ${drawn}`);
  return canonical;
}

function candidates(field: QueryField, range: QueryRange): readonly string[] {
  switch (field.takes) {
    case 'choice':
      return Object.entries(field.choices ?? {})
        .filter(([, by]) => range === 'any' || by === 'both' || by === 'tasks')
        .map(([choice]) => choice)
        .concat(range === 'any' && field.others ? ['Bug', 'my type', '*'] : []);
    case 'word':
      return [
        ...wordsFor(field.name),
        'NOWHERE',
        ...(range === 'any' ? ['\\', '<5', '*', '-x', ' ', 'OR', '(a)'] : []),
      ];
    case 'person':
      return [...vocabulary.logins, 'OCTOCAT', 'app/dependabot', '@me', 'coder/01jd', 'run-3', 'acme', 'octo'];
    case 'repository':
      return [...vocabulary.repositories, 'OCTO/SLUG', 'no/where'];
    case 'date':
      return [
        '2026-11-21',
        '2026-11-10',
        '2026-11-02T12:34Z',
        '2026-11-05T00:00:00+02:00',
        '@today',
        '@today-7d',
        '7d',
        '36h',
        '2w',
      ];
    case 'count':
      return ['0', '1', '2', '3', '7', '100'];
    case 'money':
      return ['0', '0.25', '0.5', '0.500001', '1'];
    case 'reference':
      return ['#12', '#30', 'octo/slug#5', 'acme/site#9', 'github/octo/slug/issues/3', '#0'];
    case 'free':
      return ['high', 'very high', '2026-03-01', '5'];
    default:
      return field.takes satisfies never;
  }
}

function wordsFor(field: string): readonly string[] {
  switch (field) {
    case 'label':
      return [...vocabulary.labels, 'BUG', 'bUG FIX', 'k-sign', 'ÄRGER'];
    case 'milestone':
      return [...vocabulary.milestones, 'V1', 'überholung', 'version 2'];
    case 'agent':
      return ['coder/01JD', 'CODER/ZOË', 'coder/zoë'];
    case 'role':
      return ['coder', 'CODER', 'reviewer'];
    default:
      return ['octo/57', 'C#', 'feature/x'];
  }
}
