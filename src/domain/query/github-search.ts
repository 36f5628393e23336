import { type Unanswerable, unanswerableByTasks } from './answerable.ts';
import { type QueryError, queryError } from './error.ts';
import { answererOf, queryField } from './fields.ts';
import { askOnce, leftOf, type Place, type Split, splitQuery } from './github-split.ts';
import { either, type GitHubSearchOptions, type Said, sayText, simply } from './github-term.ts';
import { printWithSpans } from './printer.ts';
import { sortValues } from './sort.ts';
import { everything, type Query, type TermQuery } from './syntax.ts';

export type GitHubSearch =
  | {
      readonly kind: 'ok';
      /** For `q=` of GitHub's search for issues and pull requests. */
      readonly search: string;
      /** For `sort=` and `order=`, when GitHub can sort so. */
      readonly order?: GitHubOrder;
      /** What is left to ask of each task that GitHub finds, and to sort them by; `all` when nothing is. */
      readonly residual: Query;
    }
  | { readonly kind: 'error'; readonly error: QueryError };

export interface GitHubOrder {
  readonly by: string;
  readonly direction: 'asc' | 'desc';
}

/** GitHub's own: "Troubleshooting search queries", "Filtering and searching issues". */
const limits = { operators: 5, levels: 5, textLength: 256 } as const;

/**
 * Splits a query into what GitHub's search can answer and the rest: a task is asked for exactly when GitHub finds it and
 * the rest holds for it. What only GitHub knows and what only we know cannot be cases of one OR: refused with its place.
 */
export function githubSearch(query: Query, options: GitHubSearchOptions): GitHubSearch {
  const place: Place = { ...options, negated: false, inCase: false };
  const parts = query.kind === 'and' ? query.parts : [query];
  const scope = parts.find(isCommentScope);
  const splits = askOnce(parts.map((part) => ({ part, ...splitPart(part, scope, place) })));
  const kept = withinLimits(parts, splits);
  const residual = leftOf(parts, kept);
  const unanswerable = unanswerableByTasks(residual, options.context.me);
  if (unanswerable !== undefined) return { kind: 'error', error: mixedError(query, unanswerable) };
  const search = kept.flatMap(({ said }) => said?.text ?? []).join(' ');
  const order = orderOnGitHub(query);
  return { kind: 'ok', search, ...(order === undefined ? {} : { order }), residual };
}

/** One part of the outermost conjunction. With `in:comments` GitHub's answer about the words in it is the answer. */
function splitPart(part: Query, scope: TermQuery | undefined, place: Place): Split {
  if (part.kind === 'term' && part.field === 'sort') return { left: sortLeft(part) };
  if (scope === undefined) return splitQuery(part, place);
  if (part === scope) return { said: sayScope(scope, place), left: everything };
  if (part.kind === 'text') return { said: sayText(part.text), left: everything };
  if (part.kind === 'not' && part.part.kind === 'text') {
    return { said: { ...simply(`NOT ${sayText(part.part.text).text}`), operators: 1 }, left: everything };
  }
  return splitQuery(part, place);
}

function isCommentScope(part: Query): part is TermQuery {
  const comments = ({ values }: TermQuery): boolean =>
    values.some((value) => value.kind === 'literal' && value.text === 'comments');
  return part.kind === 'term' && part.field === 'in' && comments(part);
}

function sayScope({ values }: TermQuery, { syntax }: Place): Said {
  const places = values.flatMap((value) => (value.kind === 'literal' ? [value.text] : []));
  if (places.length === 1 || syntax === 'plain') return simply(`in:${places.join(',')}`);
  return either(places.map((name) => simply(`in:${name}`)));
}

/** What is over GitHub's limits is left; first is asked what GitHub alone can answer. */
function withinLimits(parts: readonly Query[], splits: readonly Split[]): readonly Split[] {
  const pieces = splits.map((split, index) => ({ split, part: parts[index] ?? everything, index }));
  const urgent = pieces.filter(({ split, part }) => split.left.kind === 'all' && needsGitHub(part));
  const kept = new Set<number>();
  let [operators, textLength] = [0, 0];
  for (const { split, part, index } of [...urgent, ...pieces.filter((piece) => !urgent.includes(piece))]) {
    if (split.said === undefined) continue;
    const more = split.said.operators;
    const longer = part.kind === 'term' ? 0 : split.said.text.length;
    const fits = operators + more <= limits.operators && textLength + longer <= limits.textLength;
    if (!fits || split.said.levels > limits.levels) continue;
    kept.add(index);
    operators += more;
    textLength += longer;
  }
  return pieces.map(({ split, part, index }) => (split.said === undefined || kept.has(index) ? split : { left: part }));
}

function needsGitHub(part: Query): boolean {
  const isWords = part.kind === 'text' || (part.kind === 'not' && part.part.kind === 'text');
  return isWords || unanswerableByTasks(part, '') !== undefined;
}

/** What tasks can be sorted by; when GitHub alone knows one of them its order is kept. */
function sortLeft(term: TermQuery): Query {
  const field = queryField(term.field);
  const github = term.values.some(
    (value) => field !== undefined && value.kind === 'literal' && answererOf(field, value.text) === 'github',
  );
  return github ? everything : term;
}

function orderOnGitHub(query: Query): GitHubOrder | undefined {
  const [first] = sortValues(query);
  const field = queryField('sort');
  if (first === undefined || field === undefined) return undefined;
  const answerer = answererOf(field, first);
  if (answerer !== 'both' && answerer !== 'github') return undefined;
  const [, by, direction] = /^(.+)-(asc|desc)$/.exec(first) ?? [];
  if (by === undefined) return { by: first, direction: 'desc' };
  return { by, direction: direction === 'asc' ? 'asc' : 'desc' };
}

function mixedError(query: Query, { term, problem }: Unanswerable): QueryError {
  const { text, spans } = printWithSpans(query);
  const field = queryField(term.field);
  const alone = term.values.some(
    (value) => field !== undefined && answererOf(field, value.kind === 'literal' ? value.text : '') === 'github',
  );
  const told = alone
    ? {
        message: `GitHub cannot be asked for ${term.field}: in this place`,
        expected: 'write it beside the others, not inside of an OR or a NOT with what GitHub cannot answer',
      }
    : problem;
  return queryError(text, spans.get(term) ?? { start: 0, end: text.length }, told);
}
