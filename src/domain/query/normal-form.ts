import { isOwnership } from './fields.ts';
import { everything, type Query, type TermQuery } from './syntax.ts';

/** Whether a term or text somewhere in it is such a one. */
export function someLeaf(query: Query, isSuch: (leaf: Query) => boolean): boolean {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.parts.some((part) => someLeaf(part, isSuch));
    case 'not':
      return someLeaf(query.part, isSuch);
    default:
      return isSuch(query);
  }
}

const isIn = (part: Query): boolean => part.kind === 'term' && part.field === 'in';
const isSort = (part: Query): boolean => part.kind === 'term' && part.field === 'sort';
const isAboutWords = (part: Query): boolean => part.kind === 'text' || isIn(part);

/**
 * All of them. A conjunction whose `in:` says where its own words are looked for stays apart when others have words too;
 * its `sort:` is about the whole.
 */
export function conjunction(parts: readonly Query[]): Query {
  const mayJoin = parts.filter((part) => someLeaf(part, isAboutWords)).length <= 1;
  const flat = parts.flatMap((part): readonly Query[] => {
    if (part.kind === 'all') return [];
    if (part.kind !== 'and') return [part];
    if (mayJoin || !part.parts.some(isIn)) return part.parts;
    const sorts = part.parts.filter(isSort);
    if (sorts.length === 0) return [part];
    const others = part.parts.filter((inner) => !isSort(inner));
    return others.length > 1 ? [{ kind: 'and', parts: others }, ...sorts] : sorts;
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
