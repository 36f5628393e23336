import { parseBranchName } from '../domain/branch-name.ts';
import type { Command } from '../domain/command.ts';
import * as answers from '../domain/held/approval-answers.ts';
import { decideApproval, type HeldNow } from '../domain/held/decide-approval.ts';
import type { WordPlan } from '../domain/held/plan.ts';
import { planDigits } from '../domain/held/plan-name.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import { markOf } from '../domain/markers.ts';
import { onIssuesOnly } from '../domain/pull-answers.ts';
import { coder } from '../domain/roles/shipped-roles.ts';
import { budgetOf } from '../domain/settings.ts';
import { trackingOp } from '../domain/tracking-comment.ts';
import { bindIssue } from './bind-issue.ts';
import { claimIssue } from './claim-issue.ts';
import { issueOfOwnPull } from './claims-of-conversation.ts';
import { findContinuation } from './find-continuation.ts';
import type { Admission, Gate, PermittedRequest, ReadyWork } from './gate.ts';
import { heldAsShown, isOfIssue } from './held-as-shown.ts';
import { endHeld, type HeldChange, readHeld } from './held-change.ts';
import { headNow } from './held-head.ts';
import { answer, refuse } from './refuse.ts';
import { startWork } from './start-work.ts';
import { giveUpHeld } from './sweep-held.ts';
import { turnAfter } from './team-turn.ts';

/** A publish job and what it waits for; no agent works. */
const approvedMinutes = 10;

/**
 * `approve`: a change that is held goes to the publisher, which checks it like any hand-over; no model is asked and no code of the
 * repository runs. A plan in words starts the coder who follows it. The approval counts for the plan that was named, as its
 * comment showed it, on the code that it was made for.
 */
export async function approveHeld(
  gate: Gate,
  request: PermittedRequest,
  command: Command,
  signal: AbortSignal,
): Promise<Admission> {
  const { forge } = gate;
  const { issueNumber, settings, sender } = request;
  const { triggerPhrase: phrase } = settings;
  const typed = command.options.plan ?? '';
  const current = await forge.issue(issueNumber);
  if (current.isPullRequest) {
    const pull = await forge.pullRequest(issueNumber);
    const text = onIssuesOnly('approve', pull && issueOfOwnPull(pull, settings.branchPrefix), phrase);
    return refuse(gate, request, { reason: 'pull-request', text });
  }
  const bound = await bindIssue(gate, request, current);
  if (bound.kind === 'refused') {
    const closed = bound.admission.kind === 'refused' && bound.admission.reason === 'closed';
    if (closed) await giveUpHeld(forge, issueNumber, 'the issue was closed.');
    return bound.admission;
  }
  const held = await readHeld(forge, issueNumber);
  if (held === undefined || !isOfIssue(forge, issueNumber, held)) {
    const told = await toldBefore(gate, bound.comments, typed);
    const text = told === undefined ? answers.nothingHeld(phrase) : answers.heldBefore(told, phrase);
    return answer(gate, request, { what: 'nothing-held', text });
  }

  const { plan } = held.record;
  const there = held.hash.startsWith(typed) ? await publishedAs(gate, request, held) : undefined;
  if (there?.kind === 'published') {
    await endHeld(forge, issueNumber, { held, what: `published as #${there.pullRequest}.` });
    const text = answers.publishedBefore(held.hash, there.pullRequest);
    return answer(gate, request, { what: 'nothing-held', text });
  }
  const seen: HeldNow = {
    ...held,
    shown: await heldAsShown(forge, held, { issueUrl: bound.issue.url, comments: bound.comments }),
    head: there?.kind === 'superseded' ? { kind: 'changed', what: there.what } : await headNow(forge, plan),
    now: gate.clock.now(),
  };
  const decision = decideApproval(typed, seen);
  if (decision.kind === 'refused') {
    if (decision.over) await endHeld(forge, issueNumber, { held, what: `${decision.what}.` });
    const text = answers.notApproved(decision.what, decision.over, { phrase, kind: plan.kind });
    return refuse(gate, request, { reason: 'plan', text });
  }

  if (plan.kind === 'plan') return carryOut(gate, request, { plan, hash: held.hash, signal });
  const work: ReadyWork = {
    request,
    command: { ...command, options: { ...command.options, role: plan.role, model: plan.result.model } },
    work: 'change',
    role: { ...coder, name: plan.role },
    model: plan.result.model,
    issue: bound.issue,
    place: { number: issueNumber, comments: bound.comments },
    base: plan.base,
    continues: plan.continues,
    budget: { ...budgetOf(settings), maxMinutes: approvedMinutes },
    instructions: [],
    approved: { plan: held.hash, by: sender.login, askedBy: plan.askedBy, madeBy: plan.runId },
  };
  return claimIssue(gate, work, signal);
}

/**
 * The coder works on what the branch is by now: nobody touched what the plan touches. What is held goes when that coder has
 * delivered, so that an approval whose run died can be given again.
 */
async function carryOut(
  gate: Gate,
  request: PermittedRequest,
  { plan, hash, signal }: { readonly plan: WordPlan; readonly hash: string; readonly signal: AbortSignal },
): Promise<Admission> {
  const by = request.sender.login;
  const command: Command = { name: 'fix', options: { base: plan.base.branch } };
  const follows = { hash, approvedBy: by, plan: plan.report };
  const team = await gate.forge.team.read(request.issueNumber);
  const turn = team && turnAfter(gate, team, { kind: 'plan-approved', hash, by });
  return startWork(gate, request, command, { follows, signal, ...(turn?.command === 'fix' && { turn }) });
}

type Published =
  | { readonly kind: 'published'; readonly pullRequest: number }
  /** A newer run has a pull request: publishing the older plan would close it again. */
  | { readonly kind: 'superseded'; readonly what: string };

/** An approval that was killed after it had published left the plan behind; so does a newer run, which knows of none. */
async function publishedAs(
  { forge }: Gate,
  { settings, issueNumber }: PermittedRequest,
  { record: { plan } }: HeldChange,
): Promise<Published | undefined> {
  const found = await findContinuation(forge, settings.branchPrefix, issueNumber);
  if (found === undefined) return undefined;
  const { branch, headSha, pullRequest } = found.continuation;
  const head = await forge.commit(headSha);
  const parent = plan.continues?.headSha ?? plan.base.sha;
  const isChange = plan.kind === 'change' && head.treeSha === plan.patch.treeSha && head.parents[0] === parent;
  if (isChange) return { kind: 'published', pullRequest };
  const fence = parseBranchName(settings.branchPrefix, branch)?.fence ?? 0;
  const newer = fence > plan.fence && plan.continues === undefined;
  return newer ? { kind: 'superseded', what: answers.newerPull(pullRequest) } : undefined;
}

const toldPlan = new RegExp(`^Plan \`([0-9a-f]{${planDigits}})\`: .*$`, 'm');

/** What the comment of a plan that is held no more tells about it. */
async function toldBefore(
  { forge }: Gate,
  comments: readonly CommentSnapshot[],
  typed: string,
): Promise<string | undefined> {
  for (const { body, author } of comments) {
    const ours = markOf(body)?.op === trackingOp;
    const told = ours ? toldPlan.exec(body) : null;
    const [sentence, shown = ''] = told ?? [];
    const same = typed.startsWith(shown) || shown.startsWith(typed);
    if (sentence !== undefined && same && (await forge.isOwnAuthor(author))) return sentence;
  }
  return undefined;
}
