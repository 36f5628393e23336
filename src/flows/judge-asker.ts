import { type Actor, isBot } from '../domain/actor-policy.ts';
import type { Permission } from '../domain/permission.ts';
import { isQuiet } from '../domain/request-cause.ts';
import type { Settings } from '../domain/settings.ts';
import type { FoundAsker } from './find-asker.ts';
import type { Gate, GateRequest } from './gate.ts';
import { type JudgedSender, judgeSender } from './judge-sender.ts';
import { tellTeamEvent } from './team/tell-event.ts';
import { teamRoom } from './team-turn.ts';

export type JudgedAsker =
  | { readonly kind: 'allowed'; readonly permission: Permission }
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
  if (cause?.kind === 'answer' && !(await mayAnswer(gate, { request, typist }, settings))) {
    return { kind: 'ignored', reason: `${typist.login} is neither the author nor may start agents here` };
  }
  const { permission, decision } = await judgeSender(gate.forge, request, settings);
  if (decision.kind === 'allowed') return { kind: 'allowed', permission };
  if (asker.forEverybody && !isBot(sender)) return { kind: 'allowed', permission };
  if (decision.kind === 'bot') return { kind: 'ignored', reason: `${sender.login} is not in allowed-bots` };
  if (!isQuiet(cause)) return { kind: 'refused', refusal: decision };
  const reason = `${sender.login}, for whom it would be done, may not start agents here (${permission} access)`;
  if (cause?.kind === 'step' && asker.team !== undefined)
    await tellRefused(gate, asker.team.record.issue, cause.step, reason);
  return { kind: 'ignored', reason };
}

/** The questions are for the issue's author, and for whoever may start agents. */
async function mayAnswer(
  { forge }: Gate,
  { request, typist }: Pick<Judging, 'request' | 'typist'>,
  settings: Settings,
): Promise<boolean> {
  const { author } = await forge.issue(request.issueNumber);
  if (author.toLowerCase() === typist.login.toLowerCase()) return true;
  const { decision } = await judgeSender(forge, { ...request, sender: typist }, settings);
  return decision.kind === 'allowed';
}

/** Nobody will begin that step: the team asks a person. */
async function tellRefused(gate: Gate, issue: number, step: string, reason: string): Promise<void> {
  const event = { kind: 'start-refused', step, reason } as const;
  // Short: a comment and a swap. What is missing is done by whoever sweeps.
  await tellTeamEvent(teamRoom(gate), issue, { event, signal: AbortSignal.timeout(30_000) });
}
