import { linkHeader, pageOf } from '../http/pagination.ts';
import { GitHubProblem } from '../http/problem.ts';
import { type Answer, type Call, globalRoute, queryChoice, type Route } from '../http/route.ts';
import { anyone, isVisible } from '../identity/access.ts';
import { allows } from '../identity/permissions.ts';
import { type FoundIssue, issueSearch } from '../issues/search-issues.ts';
import { commentsOf, renderIssue } from '../render/issue.ts';
import type { Repository } from '../state/repository-state.ts';

export const searchRoutes: readonly Route[] = [globalRoute('GET /search/issues', anyone, searchIssues)];

const sorts = ['created', 'updated', 'comments', 'reactions', 'interactions'] as const;

function searchIssues(call: Call): Answer {
  const text = call.query.get('q') ?? '';
  if (!/\bis:(?:issue|pr|pull-request)\b/.test(text)) {
    throw new GitHubProblem(422, "Query must include 'is:issue' or 'is:pull-request'");
  }
  const me = call.actor.kind === 'user' ? { me: call.actor.account.login } : {};
  const fits = issueSearch(text, { now: call.world.clock.now(), ...me });
  const found = call.world.store
    .repositories()
    .filter((repository) => maySearch(call, repository))
    .flatMap((repository) => [...repository.issues.values()].map((issue) => ({ repository, issue })))
    .filter(fits);
  const sort = queryChoice(call, 'sort', sorts, 'created');
  const descending = queryChoice(call, 'order', ['asc', 'desc'], 'desc') === 'desc';
  found.sort((one, other) => (descending ? -1 : 1) * compare(measure(one, sort), measure(other, sort)));
  const page = pageOf(call);
  const shown = found.slice(page.skip, page.skip + page.size);
  const items = shown.map(({ repository, issue }) => ({ ...renderIssue(call.world, repository, issue), score: 1 }));
  const json = { total_count: found.length, incomplete_results: false, search_type: 'lexical', items };
  return { status: 200, json, headers: linkHeader(call, page, found.length) };
}

function maySearch({ actor }: Call, repository: Repository): boolean {
  if (actor.kind === 'installation' && !allows(actor.permissions, 'issues', 'read')) return false;
  return isVisible(repository, actor);
}

function measure({ repository, issue }: FoundIssue, sort: (typeof sorts)[number]): string | number {
  const comments = commentsOf(repository, issue.number).length;
  switch (sort) {
    case 'created':
      return issue.createdAt;
    case 'updated':
      return issue.updatedAt;
    case 'comments':
      return comments;
    case 'reactions':
      return issue.reactions.length;
    case 'interactions':
      return comments + issue.reactions.length;
    default:
      return sort satisfies never;
  }
}

function compare(one: string | number, other: string | number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
