import { joinedComments } from '../domain/approval.ts';
import type { CommandName } from '../domain/command.ts';
import { EntropyError } from '../domain/error.ts';
import { changedSince, issueLocked } from '../domain/gate-answers.ts';
import type { CommentSnapshot, IssueSnapshot } from '../domain/issue.ts';
import * as answers from '../domain/pull-answers.ts';
import { subjectOf, type WorkKind } from '../domain/roles/work-kind.ts';
import { sameText } from '../domain/same-text.ts';
import type { TeamApproval } from '../domain/stages/team-approval.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import { bindIssue } from './bind-issue.ts';
import { bindWords } from './bind-words.ts';
import { issueOfOwnPull } from './claims-of-conversation.ts';
import { findContinuation } from './find-continuation.ts';
import type { Admission, Gate, PermittedRequest, RefusalReason } from './gate.ts';
import { keptApproval } from './kept-approval.ts';
import { refuse } from './refuse.ts';

/** What the work is about, bound to the moment when it was asked for. */
export interface BoundSubject {
  readonly kind: 'bound';
  /** What was asked for, in words: the issue; of a pull request that no agent made the pull request itself. */
  readonly issue: IssueSnapshot;
  /** Where it is told how the run goes, with all comments there, ours too. */
  readonly place: { readonly number: number; readonly comments: readonly CommentSnapshot[] };
  /** The pull request that is looked at, or that its coder goes on with; absent: it was asked for on an issue. */
  readonly pull?: PullRequestInfo;
  /** Asked for on a pull request: what was seen of the issue when an agent was sent for that. */
  readonly kept?: TeamApproval;
}

export type SubjectToWorkOn = BoundSubject | { readonly kind: 'refused'; readonly admission: Admission };

interface Asking {
  readonly command: CommandName;
  readonly work: WorkKind;
}

/** From where somebody asked to what is worked on, when an agent may work on it and nobody changed it since. */
export async function bindSubject(gate: Gate, request: PermittedRequest, asking: Asking): Promise<SubjectToWorkOn> {
  const { forge } = gate;
  const current = await forge.issue(request.issueNumber);
  if (current.isPullRequest) return bindPull(gate, request, { ...asking, current });
  const here = await bindIssue(gate, request, current);
  if (here.kind === 'refused') return here;
  if (subjectOf(asking.work) === 'issue') {
    return { kind: 'bound', issue: here.issue, place: { number: current.number, comments: here.comments } };
  }

  const { branchPrefix, triggerPhrase } = request.settings;
  const found = await findContinuation(forge, branchPrefix, current.number);
  const pull = found && (await forge.pullRequest(found.continuation.pullRequest));
  if (pull === undefined) {
    return no(gate, request, 'pull-request', answers.noPullToLookAt(asking.command, triggerPhrase));
  }
  const comments = await forge.comments(pull.number);
  const words = await boundWords(gate, request, { issue: await forge.issue(pull.number), comments });
  if (words.kind === 'changed') return changed(gate, request, words.what);
  const issue = joinedComments(here.issue, words.issue.comments);
  return { kind: 'bound', issue, place: { number: pull.number, comments }, pull };
}

interface AskedOnPull extends Asking {
  readonly current: IssueSnapshot;
}

async function bindPull(gate: Gate, request: PermittedRequest, asked: AskedOnPull): Promise<SubjectToWorkOn> {
  const { forge } = gate;
  const { current, work, command } = asked;
  const { triggerPhrase: phrase, branchPrefix } = request.settings;
  const pull = await forge.pullRequest(current.number);
  if (pull === undefined) {
    throw new EntropyError({
      code: 'E202',
      message: `#${current.number} is a pull request that GitHub does not show`,
      fix: 'give the token `pull-requests: read`',
    });
  }
  const made = issueOfOwnPull(pull, branchPrefix);
  if (work === 'plan' || work === 'triage') {
    return no(gate, request, 'pull-request', answers.onIssuesOnly(command, made, phrase));
  }
  if (pull.state === 'closed') return no(gate, request, 'closed', answers.pullClosed(pull.merged, phrase));
  if (current.locked) return no(gate, request, 'locked', issueLocked(phrase));
  if (work === 'change' && made === undefined) {
    return no(gate, request, 'pull-request', answers.notAnAgentsPull(pull.fromFork, phrase));
  }

  const comments = await forge.comments(pull.number);
  const here = await bindWords(gate, { request, issue: current, comments });
  if (here.kind === 'changed') return changed(gate, request, here.what);
  if (!(await isCommandAsSeen(gate, request))) return changed(gate, request, 'the comment with the command');
  // Whoever goes on with a branch goes on with what is there; whoever looks, looks at what was shown.
  const moved = work !== 'change' && request.headSha !== undefined && request.headSha !== pull.headSha;
  if (moved) return changed(gate, request, 'the code of the pull request (somebody pushed)');
  const place = { number: pull.number, comments };
  if (made === undefined) return { kind: 'bound', issue: here.issue, place, pull };

  const issue = await issueThereIs(gate, made);
  if (issue === undefined) {
    if (work !== 'change') return { kind: 'bound', issue: here.issue, place, pull };
    return no(gate, request, 'closed', answers.issueGone(made));
  }
  if (work === 'change' && issue.state === 'closed') {
    return no(gate, request, 'closed', answers.issueOfPullClosed(made, phrase));
  }
  if (work === 'change' && issue.locked) return no(gate, request, 'locked', issueLocked(phrase));
  const ofIssue = await forge.comments(made);
  const kept = await keptApproval(gate, made);
  const words = await boundWords(gate, request, { issue, comments: ofIssue, ...(kept && { digest: kept.seen }) });
  if (words.kind === 'changed') {
    const { what } = words;
    const text = what === 'the issue' ? answers.issueChangedSince(made, phrase) : changedSince(what, phrase);
    return no(gate, request, 'changed', text);
  }
  return {
    kind: 'bound',
    issue: joinedComments(words.issue, here.issue.comments),
    place: work === 'change' ? { number: made, comments: ofIssue } : place,
    pull,
    ...(kept && { kept }),
  };
}

/** The other conversation, which no event carries: as the gate finds it, without what came after the request. */
function boundWords(
  gate: Gate,
  request: PermittedRequest,
  {
    digest,
    ...there
  }: { readonly issue: IssueSnapshot; readonly comments: readonly CommentSnapshot[] } & { readonly digest?: string },
) {
  const { at } = request.approval;
  const approval = { seen: undefined, comment: undefined, at, ...(digest !== undefined && { digest }) };
  return bindWords(gate, { request: { ...request, approval }, ...there });
}

/** The words that hold the command, where those are no comment below the pull request. */
async function isCommandAsSeen({ forge }: Gate, request: PermittedRequest): Promise<boolean> {
  const { lineComment, review, issueNumber } = request;
  const seen = lineComment ?? review;
  if (seen === undefined) return true;
  const { reviews } = forge;
  const there = lineComment === undefined ? await reviews.reviews(issueNumber) : await reviews.comments(issueNumber);
  const found = there.find(({ id }) => id === seen.id);
  return found !== undefined && sameText(found.body, seen.body);
}

/** Undefined: it was deleted, or moved to another repository. */
async function issueThereIs({ forge }: Gate, number: number): Promise<IssueSnapshot | undefined> {
  try {
    return await forge.issue(number);
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E202') return undefined;
    throw error;
  }
}

function changed(gate: Gate, request: PermittedRequest, what: string): Promise<SubjectToWorkOn> {
  return no(gate, request, 'changed', changedSince(what, request.settings.triggerPhrase));
}

async function no(
  gate: Gate,
  request: PermittedRequest,
  reason: RefusalReason,
  text: string,
): Promise<SubjectToWorkOn> {
  return { kind: 'refused', admission: await refuse(gate, request, { reason, text }) };
}
