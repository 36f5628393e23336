import { emitIssueEvent } from '../events/payloads.ts';
import { listAnswer } from '../http/pagination.ts';
import { validationFailed } from '../http/problem.ts';
import {
  created,
  noContent,
  ok,
  queryChoice,
  type RepositoryCall,
  type Route,
  repositoryRoute,
} from '../http/route.ts';
import { readers, writers } from '../identity/access.ts';
import {
  closeIssue,
  editIssue,
  reopenIssue,
  setAssignees,
  setLabels,
  setLock,
  setMilestone,
} from '../issues/change-issue.ts';
import { checkIssuePermission, checkMay, issueOf, mayEdit, mayTriage } from '../issues/find-issue.ts';
import { assignable, checkBody, checkTitle, ensureLabel, openIssue } from '../issues/open-issue.ts';
import { issueHtmlUrl, renderIssue } from '../render/issue.ts';
import type { Issue, Label } from '../state/issue-state.ts';
import { milestoneIn } from './milestones.ts';

const lockReasons = ['off-topic', 'too heated', 'resolved', 'spam'] as const;

export const issueRoutes: readonly Route[] = [
  repositoryRoute('GET /repos/{owner}/{repo}/issues', readers('issues', 'pull_requests'), listIssues),
  repositoryRoute('POST /repos/{owner}/{repo}/issues', writers('read', 'issues'), createIssue),
  repositoryRoute('GET /repos/{owner}/{repo}/issues/{issue_number}', readers('issues', 'pull_requests'), (call) =>
    ok(renderIssue(call.world, call.repository, issueOf(call))),
  ),
  repositoryRoute(
    'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
    writers('read', 'issues', 'pull_requests'),
    updateIssue,
  ),
  repositoryRoute(
    'PUT /repos/{owner}/{repo}/issues/{issue_number}/lock',
    writers('write', 'issues', 'pull_requests'),
    async (call) => {
      const issue = issueOf(call);
      checkIssuePermission(call.repository, call.actor, issue);
      await setLock(call, issue, { reason: call.body.oneOf('lock_reason', lockReasons) ?? null });
      return noContent;
    },
  ),
  repositoryRoute(
    'DELETE /repos/{owner}/{repo}/issues/{issue_number}/lock',
    writers('write', 'issues', 'pull_requests'),
    async (call) => {
      const issue = issueOf(call);
      checkIssuePermission(call.repository, call.actor, issue);
      await setLock(call, issue, undefined);
      return noContent;
    },
  ),
  repositoryRoute(
    'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees',
    writers('triage', 'issues', 'pull_requests'),
    async (call) => created(await changeAssignees(call, 'add')),
  ),
  repositoryRoute(
    'DELETE /repos/{owner}/{repo}/issues/{issue_number}/assignees',
    writers('triage', 'issues', 'pull_requests'),
    async (call) => ok(await changeAssignees(call, 'remove')),
  ),
];

function listIssues(call: RepositoryCall) {
  const state = queryChoice(call, 'state', ['open', 'closed', 'all'], 'open');
  const sort = queryChoice(call, 'sort', ['created', 'updated', 'comments'], 'created');
  const descending = queryChoice(call, 'direction', ['asc', 'desc'], 'desc') === 'desc';
  const labels = (call.query.get('labels') ?? '').split(',').filter(Boolean);
  const creator = call.query.get('creator');
  const assignee = call.query.get('assignee');
  const since = call.query.get('since');
  const fits = (issue: Issue) =>
    (state === 'all' || issue.state === state) &&
    labels.every((name) => issue.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())) &&
    (creator === null || issue.author.login.toLowerCase() === creator.toLowerCase()) &&
    (assignee === null || assignee === '*' || fitsAssignee(issue, assignee)) &&
    (since === null || Date.parse(issue.updatedAt) >= Date.parse(since));
  const key = (issue: Issue): string | number =>
    sort === 'updated' ? issue.updatedAt : sort === 'created' ? issue.createdAt : commentCount(call, issue);
  const issues = [...call.repository.issues.values()].filter(fits).sort((one, other) => {
    const order = key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : one.number - other.number;
    return descending ? -order : order;
  });
  return listAnswer(call, issues, (issue) => renderIssue(call.world, call.repository, issue));
}

function fitsAssignee(issue: Issue, login: string): boolean {
  if (login === 'none') return issue.assignees.length === 0;
  return issue.assignees.some((account) => account.login.toLowerCase() === login.toLowerCase());
}

function commentCount(call: RepositoryCall, issue: Issue): number {
  return [...call.repository.comments.values()].filter((comment) => comment.issue === issue.number).length;
}

async function createIssue(call: RepositoryCall) {
  const { world, repository, body } = call;
  const triage = mayTriage(repository, call.actor);
  const assignees = [...(body.optionalStrings('assignees') ?? []), body.optionalString('assignee') ?? ''];
  const title = titleOf(call) ?? '';
  const text = body.optionalString('body') ?? null;
  checkTitle(title);
  checkBody(text, 'Issue');
  const labels = triage ? (readLabels(call) ?? []) : [];
  const issue = openIssue(call, { title, body: text, labels: [], assignees: [] });
  await emitIssueEvent(call, issue, 'opened');
  await setLabels(call, issue, labels);
  if (triage) await setAssignees(call, issue, assignable(world, repository, assignees));
  return created(renderIssue(world, repository, issue), issueHtmlUrl(world, repository, issue));
}

async function updateIssue(call: RepositoryCall) {
  const { world, repository, body, actor } = call;
  const issue = issueOf(call);
  checkIssuePermission(repository, actor, issue);
  checkMay(mayEdit(repository, actor, issue.author));
  const title = titleOf(call);
  const text = body.nullableString('body');
  if (title !== undefined) checkTitle(title);
  checkBody(text, 'Issue');
  const state = body.oneOf('state', ['open', 'closed']);
  const reason = body.oneOf('state_reason', ['completed', 'not_planned', 'duplicate', 'reopened']) ?? null;
  const labels = readLabels(call);
  const assignees = body.optionalStrings('assignees');
  const milestone = milestoneIn(call);
  await editIssue(call, issue, { title, body: text });
  if (labels !== undefined && mayTriage(repository, actor)) await setLabels(call, issue, labels);
  if (milestone !== undefined && mayTriage(repository, actor)) await setMilestone(call, issue, milestone);
  if (assignees !== undefined && mayTriage(repository, actor)) {
    await setAssignees(call, issue, assignable(world, repository, assignees));
  }
  if (state === 'closed') await closeIssue(call, issue, reason);
  if (state === 'open') await reopenIssue(call, issue);
  return ok(renderIssue(world, repository, issue));
}

/** GitHub takes numbers as titles too. */
function titleOf(call: RepositoryCall): string | undefined {
  const raw = call.body.raw('title');
  return typeof raw === 'number' ? String(raw) : call.body.optionalString('title');
}

/** Names, or objects with a name. */
export function readLabels(call: RepositoryCall, list = call.body.optionalList('labels')): Label[] | undefined {
  return list?.map((item) => {
    const name = typeof item === 'string' ? item : nameOf(item);
    if (name === undefined || name.trim() === '') {
      throw validationFailed({ resource: 'Label', field: 'name', code: 'missing_field' });
    }
    return ensureLabel(call.world, call.repository, name);
  });
}

function nameOf(item: unknown): string | undefined {
  const name = typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined;
  return typeof name === 'string' ? name : undefined;
}

async function changeAssignees(call: RepositoryCall, change: 'add' | 'remove') {
  const issue = issueOf(call);
  checkIssuePermission(call.repository, call.actor, issue);
  const named = assignable(call.world, call.repository, call.body.optionalStrings('assignees') ?? []);
  const wanted =
    change === 'add' ? [...issue.assignees, ...named] : issue.assignees.filter((account) => !named.includes(account));
  await setAssignees(call, issue, wanted);
  return renderIssue(call.world, call.repository, issue);
}
