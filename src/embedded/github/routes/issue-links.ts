import { emitDependencyEvents, emitSubIssueEvents } from '../events/link-events.ts';
import { listAnswer } from '../http/pagination.ts';
import { notFound, unprocessable, validationFailed } from '../http/problem.ts';
import { created, numberParam, ok, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers, writers } from '../identity/access.ts';
import { issueOf } from '../issues/find-issue.ts';
import { issueHtmlUrl, renderIssue } from '../render/issue.ts';
import type { Issue } from '../state/issue-state.ts';

const issue = '/repos/{owner}/{repo}/issues/{issue_number}';
const blockedBy = `${issue}/dependencies/blocked_by`;
const triage = writers('triage', 'issues');

/** What blocks what, and what is a part of what; within one repository. */
export const issueLinkRoutes: readonly Route[] = [
  repositoryRoute(`GET ${blockedBy}`, readers('issues'), (call) =>
    answerList(call, numbered(call, issueOf(call).blockedBy)),
  ),
  repositoryRoute(`POST ${blockedBy}`, triage, block),
  repositoryRoute(`DELETE ${blockedBy}/{issue_id}`, triage, (call) => {
    const other = byId(call, numberParam(call, 'issue_id'));
    const blocked = issueOf(call);
    if (!blocked.blockedBy.delete(other.number)) throw notFound();
    emitDependencyEvents(call, 'removed', blocked, other);
    return ok(render(call, other));
  }),
  repositoryRoute(`GET ${issue}/dependencies/blocking`, readers('issues'), (call) => {
    const { number } = issueOf(call);
    return answerList(
      call,
      [...call.repository.issues.values()].filter((each) => each.blockedBy.has(number)),
    );
  }),
  repositoryRoute(`GET ${issue}/sub_issues`, readers('issues'), (call) =>
    answerList(call, numbered(call, issueOf(call).subIssues)),
  ),
  repositoryRoute(`POST ${issue}/sub_issues`, triage, addSubIssue),
  repositoryRoute(`DELETE ${issue}/sub_issue`, triage, (call) => {
    const parent = issueOf(call);
    const child = byId(call, idField(call, 'sub_issue_id'));
    const index = parent.subIssues.indexOf(child.number);
    if (index < 0) throw notFound();
    parent.subIssues.splice(index, 1);
    emitSubIssueEvents(call, 'removed', parent, child);
    return ok(render(call, parent));
  }),
  repositoryRoute(`GET ${issue}/parent`, readers('issues'), (call) => {
    const parent = parentOf(call, issueOf(call));
    if (parent === undefined) throw notFound();
    return ok(render(call, parent));
  }),
];

function render(call: RepositoryCall, each: Issue) {
  return renderIssue(call.world, call.repository, each);
}

function answerList(call: RepositoryCall, issues: readonly Issue[]) {
  return listAnswer(call, issues, (each) => render(call, each));
}

function numbered(call: RepositoryCall, numbers: Iterable<number>): Issue[] {
  return [...numbers].flatMap((number) => call.repository.issues.get(number) ?? []);
}

function byId(call: RepositoryCall, id: number): Issue {
  const found = [...call.repository.issues.values()].find((each) => each.id === id);
  if (found === undefined) throw notFound();
  return found;
}

function idField(call: RepositoryCall, name: string): number {
  const id = call.body.optionalInteger(name);
  if (id === undefined) throw unprocessable(`Invalid request.\n\n"${name}" wasn't supplied.`);
  return id;
}

function parentOf(call: RepositoryCall, child: Issue): Issue | undefined {
  return [...call.repository.issues.values()].find((each) => each.subIssues.includes(child.number));
}

function block(call: RepositoryCall) {
  const blocked = issueOf(call);
  const blocker = byId(call, idField(call, 'issue_id'));
  const problem = blocker === blocked || reaches(call, blocker, blocked) ? 'would be a circular dependency' : undefined;
  if (problem !== undefined || blocked.blockedBy.has(blocker.number)) {
    const message = problem ?? 'Issue is already a dependency';
    throw validationFailed({ resource: 'IssueDependency', field: 'issue_id', code: 'custom', message });
  }
  blocked.blockedBy.add(blocker.number);
  emitDependencyEvents(call, 'added', blocked, blocker);
  return created(render(call, blocker), issueHtmlUrl(call.world, call.repository, blocked));
}

/** Whether `from` is, over any number of steps, blocked by `to`. */
function reaches(call: RepositoryCall, from: Issue, to: Issue): boolean {
  const seen = new Set<number>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (seen.has(next.number)) continue;
    seen.add(next.number);
    open.push(...numbered(call, next.blockedBy));
  }
  return false;
}

function addSubIssue(call: RepositoryCall) {
  const parent = issueOf(call);
  const child = byId(call, idField(call, 'sub_issue_id'));
  const old = parentOf(call, child);
  const replace = call.body.optionalBoolean('replace_parent') ?? false;
  const ancestors: Issue[] = [];
  for (let each: Issue | undefined = parent; each !== undefined; each = parentOf(call, each)) ancestors.push(each);
  if (ancestors.includes(child) || (old !== undefined && !replace)) {
    const message = old === undefined ? 'An issue cannot be its own part' : 'Issue may only have one parent';
    throw validationFailed({ resource: 'SubIssue', field: 'sub_issue_id', code: 'custom', message });
  }
  old?.subIssues.splice(old.subIssues.indexOf(child.number), 1);
  if (old !== undefined) emitSubIssueEvents(call, 'removed', old, child);
  parent.subIssues.push(child.number);
  emitSubIssueEvents(call, 'added', parent, child);
  return created(render(call, parent), issueHtmlUrl(call.world, call.repository, parent));
}
