import type { MirroredIssue } from '../../domain/coordination/task-record.ts';
import { EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';
import type { ListedIssue } from '../../ports/forge-issues.ts';
import { integerIn, type JsonObject, listIn, objectIn, textIn, textOrNullIn } from './json-reader.ts';

/**
 * An issue or pull request as lists, single answers and webhooks tell it, as it is mirrored. `repository`: where the answer
 * does not say so itself (the `pull_request` of a webhook).
 */
export function readListedIssue(data: unknown, repository?: string): ListedIssue {
  const issue = objectIn(data, 'issue');
  return { issue: mirroredIssue(issue, repositoryOf(issue) ?? repository), links: linkCounts(issue) };
}

function mirroredIssue(issue: JsonObject, repository: string | undefined): MirroredIssue {
  const isPull = isObject(issue['pull_request']) || isObject(issue['head']);
  const milestone = issue['milestone'];
  const closedAt = textOrNullIn(issue, 'closed_at');
  return {
    repository: repository ?? textIn(issue, 'repository_url'),
    number: integerIn(issue, 'number'),
    kind: isPull ? 'pull' : 'issue',
    title: textIn(issue, 'title'),
    body: textOrNullIn(issue, 'body'),
    author: loginIn(issue['user']),
    forgeState: textIn(issue, 'state') === 'closed' ? 'closed' : 'open',
    labels: listIn(issue, 'labels').map((label) =>
      typeof label === 'string' ? label : textOrNullIn(objectIn(label, 'label'), 'name'),
    ),
    assignees: issue['assignees'] === undefined ? [] : listIn(issue, 'assignees').map(loginIn),
    ...(isObject(milestone) && { milestone: textIn(milestone, 'title') }),
    comments: issue['comments'] === undefined ? 0 : integerIn(issue, 'comments'),
    createdAt: timeIn(issue, 'created_at'),
    updatedAt: timeIn(issue, 'updated_at'),
    ...(closedAt !== '' && { closedAt: timeIn(issue, 'closed_at') }),
  };
}

/** `https://api.github.com/repos/octo/slug` → `octo/slug`. */
function repositoryOf(issue: JsonObject): string | undefined {
  const url = issue['repository_url'];
  return typeof url === 'string' ? /\/repos\/([^/]+\/[^/]+)$/.exec(url)?.[1] : undefined;
}

function linkCounts(issue: JsonObject): ListedIssue['links'] {
  const dependencies = issue['issue_dependencies_summary'];
  const subIssues = issue['sub_issues_summary'];
  if (!isObject(dependencies) && !isObject(subIssues)) return undefined;
  return {
    blockedBy: isObject(dependencies) ? integerIn(dependencies, 'total_blocked_by') : 0,
    subIssues: isObject(subIssues) ? integerIn(subIssues, 'total') : 0,
  };
}

/** The account behind a deleted user is null; GitHub shows it as `ghost`. */
function loginIn(user: unknown): string {
  return user === null || user === undefined ? 'ghost' : textIn(objectIn(user, 'user'), 'login');
}

function timeIn(issue: JsonObject, key: string): number {
  const at = Date.parse(textIn(issue, key));
  if (Number.isFinite(at)) return at;
  throw new EntropyError({
    code: 'E200',
    message: `GitHub's answer cannot be read: "${key}" is ${JSON.stringify(issue[key])}, not a time`,
    fix: 'check that GITHUB_API_URL is the address of a GitHub API; if it is, report this',
  });
}
