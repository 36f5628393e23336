import type { MirroredIssue } from '../../domain/coordination/task-record.ts';
import { EntropyError } from '../../domain/error.ts';
import type { IssuePlace } from '../../domain/repository.ts';
import type { ForgeIssues, ListedIssue } from '../../ports/forge-issues.ts';
import type { GitHubApi } from './api.ts';
import type { ApiAnswer, ApiCall } from './api-call.ts';
import { integerIn, objectIn } from './json-reader.ts';
import { readListedIssue } from './listed-issue.ts';
import { searchIssues } from './search-issues.ts';

const oneIssue = '/repos/{owner}/{repo}/issues/{issue_number}';
const perPage = 100;

/** GitHub's issues, their dependencies and sub-issues. */
export function createForgeIssues(api: GitHubApi): ForgeIssues {
  const linked = async (call: ApiCall): Promise<readonly MirroredIssue[]> =>
    (await api.list(call)).map((entry) => readListedIssue(entry).issue);

  const fetchIssue = async ({ repository, number }: IssuePlace): Promise<ApiAnswer> =>
    api.send({
      route: `GET ${oneIssue}`,
      params: { owner: repository.owner, repo: repository.name, issue_number: number },
      purpose: `read issue #${number} of ${repository.owner}/${repository.name}`,
      // 301: it was moved to another repository; 410: it was deleted.
      expected: [301, 404, 410],
    });

  /** What the dependency endpoints want for a number: the issue's own id. */
  const idOf = async (place: IssuePlace): Promise<number | undefined> => {
    const answer = await fetchIssue(place);
    return answer.status === 200 ? integerIn(objectIn(answer.data, 'issue'), 'id') : undefined;
  };

  return {
    changedSince: (since) => changedSince(api, since),

    find: async (place) => {
      const answer = await fetchIssue(place);
      return answer.status === 200 ? readListedIssue(answer.data) : undefined;
    },

    search: (asked) => searchIssues(api, asked),

    blockedBy: (issue) =>
      linked({
        route: `GET ${oneIssue}/dependencies/blocked_by`,
        params: { issue_number: issue },
        purpose: `read what issue #${issue} waits for`,
      }),

    blocking: (issue) =>
      linked({
        route: `GET ${oneIssue}/dependencies/blocking`,
        params: { issue_number: issue },
        purpose: `read what waits for issue #${issue}`,
      }),

    addBlockedBy: async (issue, blocker) => {
      const id = await idOf(blocker);
      if (id === undefined) return 'missing';
      const purpose = `let issue #${issue} wait for ${nameOf(blocker)}`;
      const answer = await api.send({
        route: `POST ${oneIssue}/dependencies/blocked_by`,
        params: { issue_number: issue, issue_id: id },
        purpose,
        expected: [422],
      });
      return answer.status === 201 ? 'added' : refusedDependency(answer, purpose);
    },

    removeBlockedBy: async (issue, blocker) => {
      const id = await idOf(blocker);
      if (id === undefined) return 'missing';
      const answer = await api.send({
        route: `DELETE ${oneIssue}/dependencies/blocked_by/{issue_id}`,
        params: { issue_number: issue, issue_id: id },
        purpose: `let issue #${issue} no longer wait for ${nameOf(blocker)}`,
        expected: [404, 410],
      });
      return answer.status === 200 ? 'removed' : 'missing';
    },

    subIssues: (issue) =>
      linked({
        route: `GET ${oneIssue}/sub_issues`,
        params: { issue_number: issue },
        purpose: `read the sub-issues of issue #${issue}`,
      }),

    parent: async (issue) => {
      const answer = await api.send({
        route: `GET ${oneIssue}/parent`,
        params: { issue_number: issue },
        purpose: `read the parent of issue #${issue}`,
        expected: [404, 410],
      });
      return answer.status === 200 ? readListedIssue(answer.data).issue : undefined;
    },
  };
}

/**
 * By the time of the last change and not by page: pages move while they are read, and what falls off one would be missed.
 * Within one second (GitHub's times have no more) there may be more than a page, and only then the next page is asked for.
 */
async function* changedSince(api: GitHubApi, since: string | undefined): AsyncIterable<readonly ListedIssue[]> {
  let from = since;
  let page = 1;
  for (;;) {
    const answer = await api.send({
      route: 'GET /repos/{owner}/{repo}/issues',
      params: {
        ...{ state: 'all', sort: 'updated', direction: 'asc', per_page: perPage, page },
        ...(from !== undefined && { since: from }),
      },
      purpose: 'list the issues',
    });
    const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [];
    const issues = entries.map((entry) => readListedIssue(entry));
    if (issues.length > 0) yield issues;
    if (issues.length < perPage) return;
    const last = issues.at(-1)?.issue.updatedAt ?? 0;
    const reached = new Date(last).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const further = from === undefined || last > Date.parse(from);
    page = further ? 1 : page + 1;
    from = reached;
  }
}

function refusedDependency(answer: ApiAnswer, purpose: string): 'exists' | 'cycle' {
  const said = JSON.stringify(answer.data).slice(0, 400);
  if (/circular|cycle|cyclic/i.test(said)) return 'cycle';
  if (/already|taken|exist|duplicate/i.test(said)) return 'exists';
  throw new EntropyError({
    code: 'E200',
    message: `cannot ${purpose}: GitHub answered 422 ${said}`,
    fix: "read GitHub's answer; an issue can wait for 50 others at most, and not for itself",
  });
}

function nameOf({ repository, number }: IssuePlace): string {
  return `${repository.owner}/${repository.name}#${number}`;
}
