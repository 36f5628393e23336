import { isOwnership } from './fields.ts';
import { everything, type Query, type TermQuery } from './syntax.ts';

/** Whether its `in:` says where the words of this very conjunction are looked for; it is then no part of another one. */
export function hasOwnScope(query: Query): boolean {
  return query.kind === 'and' && query.parts.some((part) => part.kind === 'term' && part.field === 'in');
}

/** All of them. */
export function conjunction(parts: readonly Query[]): Query {
  const flat = parts.flatMap((part) => {
    if (part.kind === 'all') return [];
    return part.kind === 'and' && !hasOwnScope(part) ? part.parts : [part];
  });
  const [only] = flat;
  if (only === undefined) return everything;
  return flat.length === 1 ? only : { kind: 'and', parts: flat };
}

/** One of them at least. */
export function disjunction(parts: readonly Query[]): Query {
  if (parts.some(({ kind }) => kind === 'all')) return everything;
  const flat = parts.flatMap((part) => (part.kind === 'or' ? part.parts : [part]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind: 'or', parts: flat };
}

export function negation(part: Query): Query {
  return part.kind === 'not' ? part.part : { kind: 'not', part };
}

export function isOwnershipTerm(query: Query): query is TermQuery {
  return query.kind === 'term' && isOwnership(query);
}

/**
 * `repo:a/b repo:c/d` is one of both, as on GitHub. Told by the parser which operands have only spaces around them, this
 * joins those: values of one field in one term, several fields by OR; they stand where the first one stood.
 */
export function joinOwnership(parts: readonly Query[], loose: ReadonlySet<Query>): readonly Query[] {
  const owners = parts.filter(isOwnershipTerm).filter((part) => loose.has(part));
  const [first] = owners;
  if (first === undefined || owners.length === 1) return parts;
  const fields = [...new Set(owners.map(({ field }) => field))];
  const joined = disjunction(
    fields.map((field) => ({
      kind: 'term',
      field,
      values: owners.filter((owner) => owner.field === field).flatMap(({ values }) => values),
    })),
  );
  return parts.flatMap((part) => {
    if (part === first) return [joined];
    return loose.has(part) ? [] : [part];
  });
}
