import { isOwnership } from './fields.ts';
import { either, type GitHubSearchOptions, type Said, sayTerm, sayText, together } from './github-term.ts';
import { conjunction, negation, someLeaf } from './normal-form.ts';
import { everything, type Query } from './syntax.ts';

/** What GitHub is asked, and what is left: together they are the query. */
export interface Split {
  readonly said?: Said;
  readonly left: Query;
}

export interface Place extends GitHubSearchOptions {
  readonly negated: boolean;
  /** Inside of an OR, where owners are not understood. */
  readonly inCase: boolean;
}

type Several = Extract<Query, { kind: 'and' | 'or' }>;

/** GitHub finds words in comments and by their stems as well: they are asked for, and left. */
export function splitQuery(query: Query, place: Place): Split {
  const left = place.negated ? negation(query) : query;
  switch (query.kind) {
    case 'all':
      return { left: query };
    case 'not':
      return splitQuery(query.part, { ...place, negated: !place.negated });
    case 'text':
      return place.negated ? { left } : { said: sayText(query.text), left };
    case 'term': {
      const said = place.inCase && isOwnership(query) ? undefined : sayTerm(query, place.negated, place);
      return said === undefined ? { left } : { said, left: everything };
    }
    case 'and':
      return place.negated ? splitCases(query, place) : splitAll(query, place);
    case 'or':
      return place.negated ? splitAll(query, place) : splitCases(query, place);
    default:
      return query satisfies never;
  }
}

/** All of them: each is asked as far as it can be. */
function splitAll({ parts }: Several, place: Place): Split {
  const splits = askOnce(
    parts.map((part) => ({ part: place.negated ? negation(part) : part, ...splitQuery(part, place) })),
  );
  const said = splits.flatMap((split) => split.said ?? []);
  const left = leftOf(parts, splits);
  return said.length === 0 ? { left } : { said: together(said), left };
}

/** One of them: can be asked when each can be, and is answered when each is. */
function splitCases(query: Several, place: Place): Split {
  const whole = place.negated ? negation(query) : query;
  const owners = !place.negated && query.parts.every((part) => part.kind === 'term' && isOwnership(part));
  const splits = query.parts.map((part) => splitQuery(part, { ...place, inCase: place.inCase || !owners }));
  const said = splits.flatMap((split) => split.said ?? []);
  const plain = place.syntax === 'plain';
  if (said.length < splits.length || (plain && !owners)) return { left: whole };
  const exact = splits.every(({ left }) => left.kind === 'all');
  return { said: plain ? together(said) : either(said), left: exact ? everything : whole };
}

/** Of those that GitHub would join by OR the first is asked. */
export function askOnce(splits: readonly (Split & { readonly part: Query })[]): readonly Split[] {
  const asked = new Set<string>();
  return splits.map(({ part, ...split }) => {
    const once = split.said?.once ?? [];
    if (once.some((question) => asked.has(question))) return { left: part };
    for (const question of once) asked.add(question);
    return split;
  });
}

/** What is left of a conjunction; words that are left still need its `in:`. */
export function leftOf(parts: readonly Query[], splits: readonly Split[]): Query {
  const scopes = parts.filter((part) => part.kind === 'term' && part.field === 'in');
  const others = splits.map(({ left }) => left).filter((part) => !scopes.includes(part));
  return conjunction(
    others.some((part) => someLeaf(part, ({ kind }) => kind === 'text')) ? [...others, ...scopes] : others,
  );
}
