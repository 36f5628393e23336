import { isMe } from './answerable.ts';
import { dateBounds } from './bounds.ts';
import type { QueryContext } from './context.ts';
import { answererOf, isOwnership, queryField } from './fields.ts';
import { termText } from './printer.ts';
import type { QueryValue, TermQuery } from './syntax.ts';
import { wordsOf } from './words.ts';

/**
 * `plain`: everything is joined by AND (GitHub Enterprise Server, the search page). `advanced`: OR and parentheses too
 * (GitHub's REST API for issues).
 */
export type GitHubSyntax = 'plain' | 'advanced';

export interface GitHubSearchOptions {
  readonly context: QueryContext;
  readonly syntax: GitHubSyntax;
}

/** Something that GitHub can be asked. */
export interface Said {
  readonly text: string;
  /** AND, OR and NOT in it; GitHub takes five in all. */
  readonly operators: number;
  /** Parentheses inside of each other; GitHub takes five. */
  readonly levels: number;
  /** Questions that GitHub joins by OR when they are asked twice, whatever stands between them. */
  readonly once: readonly string[];
}

export const simply = (text: string, once: readonly string[] = []): Said => ({ text, operators: 0, levels: 0, once });

/** A term, or its opposite, in GitHub's words with GitHub giving exactly our answer; undefined when there are none. */
export function sayTerm(term: TermQuery, negated: boolean, options: GitHubSearchOptions): Said | undefined {
  if (term.field === 'label' && !negated) return sayLabels(term);
  const said = term.values.map((value) => sayValue({ ...term, values: [value] }, value, { ...options, negated }));
  const texts = said.filter((text) => text !== undefined);
  if (texts.length < said.length) return undefined;
  if (negated) return simply(texts.join(' '));
  const once = term.values.flatMap((value) => questionOf(term, value) ?? []);
  if (texts.length === 1 || (options.syntax === 'plain' && isOwnership(term))) return simply(texts.join(' '), once);
  return options.syntax === 'plain' ? undefined : either(texts.map((text) => simply(text, once)));
}

const questions: readonly (readonly string[])[] = [
  ['open', 'closed'],
  ['issue', 'pr'],
  ['public', 'private', 'internal'],
  ['locked', 'unlocked'],
  ['merged', 'unmerged'],
];

function questionOf(term: TermQuery, value: QueryValue): string | undefined {
  if (isOwnership(term)) return 'owner';
  const choice = term.field === 'is' || term.field === 'state' || term.field === 'type';
  if (!choice || value.kind !== 'literal') return undefined;
  return questions.find((answers) => answers.includes(value.text))?.join();
}

export function either(parts: readonly Said[]): Said {
  return {
    text: `(${parts.map(({ text }) => text).join(' OR ')})`,
    operators: parts.reduce((sum, { operators }) => sum + operators, parts.length - 1),
    levels: 1 + Math.max(...parts.map(({ levels }) => levels)),
    once: parts.flatMap(({ once }) => once),
  };
}

export function together(parts: readonly Said[]): Said {
  return {
    text: parts.map(({ text }) => text).join(' '),
    operators: parts.reduce((sum, { operators }) => sum + operators, 0),
    levels: Math.max(...parts.map(({ levels }) => levels)),
    once: parts.flatMap(({ once }) => once),
  };
}

/** Words in the order of a phrase. Folded, they are no operators and hold nothing that would have to be escaped. */
export function sayText(text: string): Said {
  const words = wordsOf(text);
  return simply(words.length === 1 ? words.join('') : `"${words.join(' ')}"`);
}

/** `label:a,b` is one of them in either syntax. */
function sayLabels(term: TermQuery): Said | undefined {
  return term.values.every((value) => value.kind === 'literal' && isPlain(value.text))
    ? simply(termText(term))
    : undefined;
}

/**
 * Quotes and backslashes inside of a value: GitHub does not say how to write them. Where the tasks know the answer as well
 * they are not sent, so nothing can be read differently there.
 */
function isPlain(text: string): boolean {
  return !/["\\\p{Cc}]/u.test(text);
}

function sayValue(
  term: TermQuery,
  value: QueryValue,
  { context, negated }: GitHubSearchOptions & { readonly negated: boolean },
): string | undefined {
  const field = queryField(term.field);
  const minus = negated ? '-' : '';
  if (field === undefined || term.field === 'in' || term.field === 'sort') return undefined;
  if (term.field === 'no' && negated) return undefined;
  const { now, me } = context;
  const known = isMe(term, value) && me !== undefined ? literalOf(term, me) : term;
  switch (answererOf(field, value.kind === 'literal' ? value.text : '')) {
    case 'tasks':
    case 'nobody':
      return undefined;
    case 'github':
      return `${minus}${field.takes === 'date' ? (sayDate(term, value, now) ?? termText(term)) : termText(known)}`;
    case 'both':
      break;
  }
  if (field.takes === 'date') return negated ? undefined : sayDate(term, value, now);
  if (field.takes === 'count') return negated ? undefined : termText(term);
  const plain = known.values.every((each) => each.kind === 'literal' && isPlain(each.text));
  return plain ? `${minus}${termText(known)}` : undefined;
}

function literalOf({ kind, field }: TermQuery, text: string): TermQuery {
  return { kind, field, values: [{ kind: 'literal', text }] };
}

/** As moments in UTC, whole seconds as all times on GitHub. */
function sayDate({ field }: TermQuery, value: QueryValue, now: number): string | undefined {
  const { min, max } = dateBounds(value, now);
  const first = min === undefined ? undefined : moment(Math.ceil(min / 1_000));
  const last = max === undefined ? undefined : moment(Math.floor(max / 1_000));
  if (min !== undefined && max !== undefined) return first && last && `${field}:${first}..${last}`;
  if (min !== undefined) return first && `${field}:>=${first}`;
  return last && `${field}:<=${last}`;
}

const lastSecond = Date.UTC(9999, 11, 31) / 1_000;

/** Undefined for what GitHub's four digits of a year cannot say. */
function moment(seconds: number): string | undefined {
  if (seconds < 0 || seconds > lastSecond) return undefined;
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}
