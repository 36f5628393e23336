import { type Actor, isBot } from '../domain/actor-policy.ts';
import type { Approval } from '../domain/approval.ts';
import type { Permission } from '../domain/permission.ts';
import { isQuiet, type RequestCause } from '../domain/request-cause.ts';
import type { Settings } from '../domain/settings.ts';
import type { FoundAsker } from './find-asker.ts';
import type { Gate, GateRequest } from './gate.ts';
import { hearing } from './hearing.ts';
import { type JudgedSender, judgeSender } from './judge-sender.ts';
import { boundBy } from './kept-approval.ts';
import { believeRecord } from './own-word.ts';
import { commentDigest } from './plan-hash.ts';
import { tellTeamEvent } from './team/tell-event.ts';
import { teamRoom } from './team-turn.ts';
import { type Answering, whoAnswers } from './who-answers.ts';

export type JudgedAsker =
  /** `approval`: what the run is bound to. */
  | { readonly kind: 'allowed'; readonly permission: Permission; readonly approval: Approval }
  /** Somebody who asked, and is told. */
  | { readonly kind: 'refused'; readonly refusal: Extract<JudgedSender['decision'], { readonly kind: 'refused' }> }
  /** A bot, or somebody who asked for nothing. */
  | { readonly kind: 'ignored'; readonly reason: string };

interface Judging {
  /** Its sender is the one whose right counts. */
  readonly request: GateRequest;
  readonly asker: Extract<FoundAsker, { readonly kind: 'asker' }>;
  /** Who set the event off. */
  readonly typist: Actor;
}

/** Whether the one for whom it is done may have it done, by GitHub's word of now. Of those who did not ask, nobody is answered. */
export async function judgeAsker(gate: Gate, judging: Judging, settings: Settings): Promise<JudgedAsker> {
  const { request, asker, typist } = judging;
  const { sender, cause } = request;
  const bound = await boundApproval(gate, judging, settings);
  if (bound.kind === 'nobody') return { kind: 'ignored', reason: `@${typist.login} ${bound.why}` };
  const { approval } = bound;
  const { permission, decision } = await judgeSender(gate.forge, request, settings);
  if (decision.kind === 'allowed') return believed(gate, judging, { settings, permission, approval });
  if (asker.forEverybody && !isBot(sender)) return { kind: 'allowed', permission, approval };
  if (decision.kind === 'bot') return { kind: 'ignored', reason: `${sender.login} is not in allowed-bots` };
  if (!isQuiet(cause)) return { kind: 'refused', refusal: decision };
  const reason = `${sender.login}, for whom it would be done, may not start agents here (${permission} access)`;
  return notFor(gate, judging, reason);
}

interface Allowed {
  readonly settings: Settings;
  readonly permission: Permission;
  readonly approval: Approval;
}

/** Where a record alone says who asked, the record has to be believed first. */
async function believed(
  gate: Gate,
  judging: Judging,
  { settings, permission, approval }: Allowed,
): Promise<JudgedAsker> {
  const { request, asker } = judging;
  const { cause, sender, issueNumber } = request;
  const isRecorded = isOfMachine(cause) || cause?.kind === 'answer';
  if (!isRecorded) return { kind: 'allowed', permission, approval };
  const places = [issueNumber, ...[asker.team?.record.pullRequest ?? []].flat()];
  const judged = await believeRecord(gate.forge, { places, sender, permission }, settings);
  if (judged.kind === 'not-believed') return notFor(gate, judging, judged.why);
  return { kind: 'allowed', permission: judged.permission, approval };
}

/** A record alone says for whom it is. */
function isOfMachine(cause: RequestCause | undefined): boolean {
  return cause?.kind === 'step' || cause?.kind === 'checks' || cause?.kind === 'base';
}

async function notFor(gate: Gate, { request: { cause }, asker }: Judging, reason: string): Promise<JudgedAsker> {
  if (cause?.kind === 'step' && asker.team !== undefined)
    await tellRefused(gate, asker.team.record.issue, cause.step, reason);
  return { kind: 'ignored', reason };
}

type BoundApproval = { readonly kind: 'bound'; readonly approval: Approval } | Extract<Answering, { kind: 'nobody' }>;

/** What somebody wrote is bound to what they saw; what goes on by itself, to what was seen by whoever it goes on for. */
async function boundApproval(
  { forge }: Gate,
  { request, asker, typist }: Judging,
  settings: Settings,
): Promise<BoundApproval> {
  const { cause, approval, issueNumber } = request;
  if (isOfMachine(cause)) return { kind: 'bound', approval: boundBy(asker.kept) };
  const { comment } = approval;
  if (cause?.kind !== 'answer' || asker.team === undefined || comment === undefined) return { kind: 'bound', approval };
  const { author: issueAuthor } = await forge.issue(issueNumber);
  const given = { id: comment.id, digest: commentDigest(comment.body), author: typist.login };
  const { record } = asker.team;
  const answering = await whoAnswers({ record, issueAuthor }, given, hearing(forge, settings));
  switch (answering.kind) {
    case 'may-start':
      return { kind: 'bound', approval };
    case 'author':
      return { kind: 'bound', approval: boundBy(answering.approval) };
    case 'nobody':
      return answering;
    default:
      return answering satisfies never;
  }
}

/** Nobody will begin that step: the team asks a person. */
async function tellRefused(gate: Gate, issue: number, step: string, reason: string): Promise<void> {
  const event = { kind: 'start-refused', step, reason } as const;
  // Short: a comment and a swap. What is missing is done by whoever sweeps.
  await tellTeamEvent(teamRoom(gate), issue, { event, signal: AbortSignal.timeout(30_000) });
}
