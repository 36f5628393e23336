import type { TaskView } from '../../../domain/coordination/task-record.ts';
import { defaultStaleAfterMs, type QueryContext } from '../../../domain/query/context.ts';
import { answererOf, queryField } from '../../../domain/query/fields.ts';
import { parseQuery } from '../../../domain/query/parser.ts';
import { taskPredicate } from '../../../domain/query/predicate.ts';
import { termText } from '../../../domain/query/printer.ts';
import type { Query, TermQuery, TextQuery } from '../../../domain/query/syntax.ts';
import { hasWords, wordSearch, wordsOf } from '../../../domain/query/words.ts';
import { GitHubProblem } from '../http/problem.ts';
import { commentsOf } from '../render/issue.ts';
import type { Issue } from '../state/issue-state.ts';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';

/** An issue with where it is; what one hit of a search is made of. */
export interface FoundIssue {
  readonly repository: Repository;
  readonly issue: Issue;
}

/**
 * GitHub's advanced search for issues, as far as the stand-in knows what is asked for; the rest is 422 by name. Words are
 * looked for in comments as well, as GitHub does.
 */
export function issueSearch(text: string, context: Pick<QueryContext, 'now' | 'me'>): (found: FoundIssue) => boolean {
  // GitHub joins places by OR where our grammar has a comma.
  const places = /\(((?:in:[a-z]+)(?: OR in:[a-z]+)+)\)/g;
  const parsed = parseQuery(text.replace(places, (_, alternatives: string) => alternatives.replaceAll(' OR in:', ',')));
  if (parsed.kind === 'error') throw unprocessable(parsed.error.message);
  const { query } = parsed;
  const whole = { ...context, staleAfterMs: defaultStaleAfterMs };
  return (found) => fits(query, { found, task: viewOf(found), context: whole, places: ['title', 'body', 'comments'] });
}

interface Looked {
  readonly found: FoundIssue;
  readonly task: TaskView;
  readonly context: QueryContext;
  readonly places: readonly string[];
}

function fits(query: Query, looked: Looked): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'not':
      return !fits(query.part, looked);
    case 'or':
      return query.parts.some((part) => fits(part, looked));
    case 'and': {
      const named = query.parts.flatMap((part) => (part.kind === 'term' && part.field === 'in' ? textsOf(part) : []));
      return query.parts.every((part) => fits(part, named.length === 0 ? looked : { ...looked, places: named }));
    }
    case 'text':
      return hasText(query, looked);
    case 'term':
      return query.values.some((value) => fitsTerm({ ...query, values: [value] }, looked));
    default:
      return query satisfies never;
  }
}

function hasText({ text }: TextQuery, { found: { repository, issue }, places }: Looked): boolean {
  const search = wordSearch(wordsOf(text));
  const comments = places.includes('comments') ? commentsOf(repository, issue.number) : [];
  const texts = [
    ...(places.includes('title') ? [issue.title] : []),
    ...(places.includes('body') ? [issue.body ?? ''] : []),
    ...comments.map(({ body }) => body),
  ];
  return texts.some((each) => hasWords(each, search));
}

function fitsTerm(term: TermQuery, { found, task, context }: Looked): boolean {
  const [value] = textsOf(term);
  const field = queryField(term.field);
  if (term.field === 'in' || term.field === 'sort') return true;
  if (field !== undefined && answererOf(field, value ?? '') === 'both') return taskPredicate(term, context)(task);
  const known =
    value === undefined
      ? undefined
      : (knownTerms[`${term.field}:${value}`] ?? knownFields[term.field]?.(value, context));
  if (known === undefined) throw unprocessable(`the embedded GitHub cannot be asked for ${termText(term)}`);
  return known(found);
}

function textsOf({ values }: TermQuery): readonly string[] {
  return values.flatMap((value) => (value.kind === 'literal' ? [value.text] : []));
}

type Test = (found: FoundIssue) => boolean;

const knownTerms: Readonly<Record<string, Test>> = {
  'is:merged': ({ issue }) => issue.pull?.merge !== undefined,
  'is:unmerged': ({ issue }) => issue.pull !== undefined && issue.pull.merge === undefined,
  'is:draft': ({ issue }) => issue.pull?.draft === true,
  'draft:true': ({ issue }) => issue.pull?.draft === true,
  'draft:false': ({ issue }) => issue.pull?.draft === false,
  'is:locked': ({ issue }) => issue.lock !== undefined,
  'is:unlocked': ({ issue }) => issue.lock === undefined,
  'is:public': ({ repository }) => !repository.private,
  'is:private': ({ repository }) => repository.private,
  'is:blocking': ({ repository, issue }) =>
    [...repository.issues.values()].some((other) => other.state === 'open' && other.blockedBy.has(issue.number)),
  'reason:completed': ({ issue }) => issue.stateReason === 'completed',
  'reason:not planned': ({ issue }) => issue.stateReason === 'not_planned',
  'reason:duplicate': ({ issue }) => issue.stateReason === 'duplicate',
  'reason:reopened': ({ issue }) => issue.stateReason === 'reopened',
};

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const knownFields: Readonly<Record<string, (value: string, context: QueryContext) => Test>> = {
  commenter: (value, { me = '' }) => {
    const login = same(value, '@me') ? me : value;
    return ({ repository, issue }) =>
      commentsOf(repository, issue.number).some(({ author }) => same(author.login, login));
  },
  mentions: (value, { me = '' }) => {
    const mention = `@${same(value, '@me') ? me : value}`.toLowerCase();
    const mentions = (text: string): boolean =>
      text
        .toLowerCase()
        .match(/@[a-z\d-]+/g)
        ?.includes(mention) ?? false;
    return ({ repository, issue }) =>
      mentions(issue.body ?? '') || commentsOf(repository, issue.number).some(({ body }) => mentions(body));
  },
  head: (value) => (found) => found.issue.pull?.head.ref.startsWith(value) === true,
  base: (value) => (found) => found.issue.pull?.base.ref === value,
};

function viewOf({ repository, issue }: FoundIssue): TaskView {
  const closedAt = issue.closedAt === null ? undefined : Date.parse(issue.closedAt);
  return {
    schema: 1,
    key: `github/${repositoryFullName(repository)}/issues/${issue.number}`.toLowerCase(),
    issue: {
      repository: repositoryFullName(repository),
      number: issue.number,
      kind: issue.pull === undefined ? 'issue' : 'pull',
      title: issue.title,
      body: issue.body ?? '',
      author: issue.author.login,
      forgeState: issue.state,
      labels: issue.labels.map(({ name }) => name),
      assignees: issue.assignees.map(({ login }) => login),
      comments: commentsOf(repository, issue.number).length,
      createdAt: Date.parse(issue.createdAt),
      updatedAt: Date.parse(issue.updatedAt),
      ...(closedAt === undefined ? {} : { closedAt }),
    },
    state: 'open',
    priority: 0,
    progress: 0,
    checkpoints: { done: [], next: [] },
    fence: 0,
    attempts: 0,
    costMicroUsd: 0,
    version: 1,
    blockedBy: [],
    blocks: [],
    openBlockers: 0,
    ready: false,
  };
}

function unprocessable(message: string): GitHubProblem {
  return new GitHubProblem(422, 'Validation Failed', {
    errors: [{ message, resource: 'Search', field: 'q', code: 'invalid' }],
  });
}
