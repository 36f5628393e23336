import { mayExceedLimits } from '../domain/actor-policy.ts';
import type { Command } from '../domain/command.ts';
import { EntropyError } from '../domain/error.ts';
import * as answers from '../domain/gate-answers.ts';
import { noCommonHistory, otherBase } from '../domain/pull-answers.ts';
import type { PullSnapshot } from '../domain/pull-snapshot.ts';
import { subjectOf } from '../domain/roles/work-kind.ts';
import { budgetOf } from '../domain/settings.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import { type BoundSubject, bindSubject } from './bind-subject.ts';
import { settingsOfMember } from './change-set/member-part.ts';
import { chooseRole } from './choose-role.ts';
import { claimIssue } from './claim-issue.ts';
import { findContinuation } from './find-continuation.ts';
import type { Admission, Gate, PermittedRequest, ReadyWork } from './gate.ts';
import { approvalToKeep, turnWith } from './kept-approval.ts';
import { planOfTurn } from './plan-of-turn.ts';
import { readInstructions } from './read-instructions.ts';
import { refuse } from './refuse.ts';
import { settingsAtBase } from './settings-at-base.ts';
import { takeUpWork } from './take-up-work.ts';
import { tellWhy } from './tell-why.ts';
import { triageChoices } from './triage-choices.ts';
import type { WorkOrder } from './turn.ts';

/** A command that sends an agent: everything that could stand in the way is looked at before the claim is taken. */
export async function startWork(
  gate: Gate,
  request: PermittedRequest,
  command: Command,
  order: WorkOrder,
): Promise<Admission> {
  const { forge } = gate;
  const { settings } = request;
  const phrase = settings.triggerPhrase;

  const chosen = await chooseRole(forge, request, command);
  if (chosen.kind === 'refused') return refuse(gate, request, chosen);
  const { role, work, model } = chosen;
  const bound = await bindSubject(gate, request, { command: command.name, work });
  if (bound.kind === 'refused') return bound.admission;

  const asked = command.options.budgetMicroUsd;
  const limit = settings.maxCostMicroUsd;
  if (asked !== undefined && asked > limit && !mayExceedLimits(request.permission)) {
    return refuse(gate, request, { reason: 'budget', text: answers.budgetTooHigh(asked, limit) });
  }

  const from = await startingPoint(gate, request, { bound, command, goesOn: work === 'change' || work === 'plan' });
  if (from.kind === 'refused') return from.admission;
  const { branch, sha } = from.base;
  const atBase = await settingsAtBase(gate, request, from.base);
  if (atBase instanceof EntropyError) {
    const text = answers.configurationWrong(atBase.code, atBase.message);
    return refuse(gate, request, { reason: 'configuration', text });
  }
  const pull = subjectOf(work) === 'pull-request' ? await snapshotOf(gate, bound.pull, sha) : undefined;
  if (pull === 'unrelated') return refuse(gate, request, { reason: 'base', text: noCommonHistory(phrase) });

  const keep = approvalToKeep({ request, issue: bound.issue }, gate.clock.now()) ?? bound.kept;
  const follows = order.follows ?? (order.turn && (await planOfTurn(gate, order.turn, request)));
  const ready: ReadyWork = {
    request: { ...request, settings: await settingsOfMember(forge, bound.issue, atBase) },
    ...{ command, work, role, model },
    issue: bound.issue,
    place: bound.place,
    base: { branch, sha },
    continues: from.continues,
    budget: { ...budgetOf(settings), maxCostMicroUsd: asked ?? limit },
    instructions: await readInstructions(forge, sha),
    ...(pull && { pull }),
    ...(work === 'triage' && { triage: await triageChoices(forge, bound.issue.number, settings) }),
    ...(follows && { follows }),
    ...(keep && { keep }),
    ...(order.turn && { turn: turnWith(order.turn, keep) }),
  };
  const told = await tellWhy(gate, ready, order);
  if (told.kind !== 'ready') return told.admission;
  return claimIssue(gate, await takeUpWork(gate, request, told.work), order.signal);
}

type StartingPoint =
  | { readonly kind: 'found'; readonly base: ReadyWork['base']; readonly continues: ReadyWork['continues'] }
  | { readonly kind: 'refused'; readonly admission: Admission };

/** The branch that it goes to, and the agent's own branch that it goes on with. */
async function startingPoint(
  gate: Gate,
  request: PermittedRequest,
  asked: { readonly bound: BoundSubject; readonly command: Command; readonly goesOn: boolean },
): Promise<StartingPoint> {
  const { forge } = gate;
  const { settings, defaultBranch, defaultHead } = request;
  const { bound, command, goesOn } = asked;
  const { pull } = bound;
  const wanted = command.options.base;
  if (pull !== undefined && wanted !== undefined && wanted !== pull.baseBranch) {
    const text = otherBase(pull.baseBranch, settings.triggerPhrase);
    return { kind: 'refused', admission: await refuse(gate, request, { reason: 'base', text }) };
  }
  const found = goesOn && pull === undefined ? await ownPull(gate, request, bound.issue.number) : undefined;
  const own = pull ?? (wanted === undefined || found?.baseBranch === wanted ? found : undefined);
  const branch = own?.baseBranch ?? wanted ?? settings.base ?? defaultBranch;
  const sha = branch === defaultBranch ? defaultHead : await forge.branchHead(branch);
  if (sha === undefined) {
    const text = answers.baseMissing(branch, settings.triggerPhrase);
    return { kind: 'refused', admission: await refuse(gate, request, { reason: 'base', text }) };
  }
  const continues =
    goesOn && own !== undefined ? { branch: own.headBranch, headSha: own.headSha, pullRequest: own.number } : undefined;
  return { kind: 'found', base: { branch, sha }, continues };
}

type OwnPull = Pick<PullRequestInfo, 'baseBranch' | 'headBranch' | 'headSha' | 'number'>;

async function ownPull({ forge }: Gate, request: PermittedRequest, issue: number): Promise<OwnPull | undefined> {
  const found = await findContinuation(forge, request.settings.branchPrefix, issue);
  if (found === undefined) return undefined;
  const { branch, headSha, pullRequest } = found.continuation;
  return { baseBranch: found.baseBranch, headBranch: branch, headSha, number: pullRequest };
}

/** What is looked at, and against what: where the two lines of history parted. */
async function snapshotOf(
  { forge }: Gate,
  pull: PullRequestInfo | undefined,
  base: string,
): Promise<PullSnapshot | 'unrelated'> {
  if (pull === undefined) throw new RangeError('a look at a pull request needs one');
  const baseSha = await forge.mergeBase(base, pull.headSha);
  if (baseSha === undefined) return 'unrelated';
  const { number, title, body, author, url, headBranch, headSha, baseBranch, draft, fromFork } = pull;
  return { number, title, body, author, url, headBranch, headSha, baseBranch, baseSha, draft, fromFork };
}
