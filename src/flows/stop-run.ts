import { isStopped as setIsStopped } from '../domain/change-set/texts.ts';
import type { ClaimKey, ClaimRecord } from '../domain/claim.ts';
import { claimPlace } from '../domain/claim-place.ts';
import type { CommandPlace } from '../domain/command-table.ts';
import { leftByStop, leftLineText } from '../domain/dispatch/waiting-text.ts';
import * as answers from '../domain/gate-answers.ts';
import { gaveUp } from '../domain/held/approval-answers.ts';
import { type OpenRun, openRunOfClaim } from '../domain/open-run.ts';
import { asCodeSpan } from '../domain/outgoing-text.ts';
import { teamStopped } from '../domain/team-answers.ts';
import { stopChangeSet } from './change-set/stop-change-set.ts';
import { type Conversation, conversationOf } from './claims-of-conversation.ts';
import { closeRun } from './close-run.ts';
import { tellWaitOver } from './dispatch/tell-waiting.ts';
import type { Admission, Gate, PermittedRequest } from './gate.ts';
import { endHeld, readHeld } from './held-change.ts';
import { answer } from './refuse.ts';
import { stopTeam } from './team/stop-team.ts';
import { teamRoom } from './team-turn.ts';
import { forgeOfRun, withWorkflowRun } from './with-workflow-run.ts';

/**
 * `stop`: the team first, so that nothing more is started, then the claims. From then on no run of this conversation can publish
 * anything, even when its workflow run cannot be cancelled or ends a little later.
 */
export async function stopRun(gate: Gate, request: PermittedRequest, signal: AbortSignal): Promise<Admission> {
  const phrase = request.settings.triggerPhrase;
  const { conversation, held, place } = await claimsHere(gate, request);
  const by = request.sender.login;
  const { issue } = conversation;
  const team = issue === undefined ? undefined : await stopTeam(teamRoom(gate), { issue, by }, signal);

  const set = await stopChangeSet(gate, request);

  const texts: string[] = [];
  for (const record of held) {
    if (record.holder.kind === 'human') {
      texts.push(answers.heldByPerson(record, phrase));
      continue;
    }
    await closeRun(gate, runOf(record, request), { kind: 'stopped', by });
    const run = record.holder.workflowRun;
    const cancel = run === undefined ? 'missing' : await forgeOfRun(gate, run).cancelWorkflowRun(run.id);
    texts.push(answers.stopped(record, cancel, phrase));
  }
  const text = texts.length > 0 ? texts.join('\n\n') : await stopWaiting(gate, request, { conversation, place });
  if (set === 'stopped') {
    const all = [setIsStopped(phrase), ...(text === undefined ? [] : [text])].join('\n\n');
    return answer(gate, request, { what: 'change-set', text: all });
  }
  const nothing = texts.length === 0 && text === undefined;
  const told = nothing && team !== undefined ? teamStopped(phrase) : (text ?? answers.nothingToStop(place, phrase));
  return answer(gate, request, { what: 'stopped', text: told });
}

interface Waiting {
  readonly conversation: Conversation;
  readonly place: CommandPlace;
}

/** Nobody works: the place in line, or what waits for approval, is given up. Undefined: there was neither. */
async function stopWaiting(
  gate: Gate,
  request: PermittedRequest,
  { conversation, place }: Waiting,
): Promise<string | undefined> {
  const { settings, sender } = request;
  const phrase = settings.triggerPhrase;
  if (await leaveLines(gate, request, conversation.keys)) return leftByStop(phrase);
  const { issue } = conversation;
  const waits = place === 'issue' && issue !== undefined ? await readHeld(gate.forge, issue) : undefined;
  if (waits === undefined || issue === undefined) return undefined;
  await endHeld(gate.forge, issue, { held: waits, what: `given up by ${asCodeSpan(`@${sender.login}`, 60)}.` });
  return gaveUp(waits.hash, phrase);
}

/** `release`: whoever holds the claims, a person too, they are free afterwards. */
export async function releaseClaim(gate: Gate, request: PermittedRequest): Promise<Admission> {
  const phrase = request.settings.triggerPhrase;
  const { held, place } = await claimsHere(gate, request);
  if (held.length === 0) {
    return answer(gate, request, { what: 'released', text: answers.nothingToRelease(place, phrase) });
  }
  for (const record of held) {
    const end = { kind: 'stopped', by: request.sender.login, reason: 'Its claim was released.' } as const;
    await closeRun(gate, runOf(record, request), end);
  }
  const text = held.map((record) => answers.releasedNow(record, phrase)).join('\n\n');
  return answer(gate, request, { what: 'released', text });
}

export interface ClaimsHere {
  readonly place: CommandPlace;
  readonly conversation: Conversation;
  /** Those that are held now, the coder's first. */
  readonly held: readonly ClaimRecord[];
  /** The newest of all, for what it tells of the last run. */
  readonly last: ClaimRecord | undefined;
}

/** Each with the workflow run that works for it, which a dispatched run's claim does not name itself. */
export async function claimsHere(gate: Gate, request: PermittedRequest): Promise<ClaimsHere> {
  const { issueNumber: number, settings } = request;
  const isPullRequest = request.isPullRequest ?? (await gate.forge.issue(number)).isPullRequest;
  const { branchPrefix } = settings;
  const conversation = await conversationOf(gate.forge, { number, isPullRequest, branchPrefix });
  const records: ClaimRecord[] = [];
  for (const key of conversation.keys) {
    const record = await gate.claims.read(key);
    if (record !== undefined) records.push(await withWorkflowRun(gate.books?.runs, record, 'any'));
  }
  const held = records.filter(({ state }) => state === 'held');
  const last = [...records].sort((a, b) => b.acquiredAt - a.acquiredAt)[0];
  return { place: isPullRequest ? 'pull-request' : 'issue', conversation, held, last };
}

/** Its comment is where its claim is about, which may be the other conversation. */
function runOf(record: ClaimRecord, { issueNumber }: PermittedRequest): OpenRun {
  return openRunOfClaim(record, claimPlace(record.key)?.number ?? issueNumber);
}

/** False: they stood in no line. */
async function leaveLines(gate: Gate, request: PermittedRequest, keys: readonly ClaimKey[]): Promise<boolean> {
  const { list } = gate.waiting ?? {};
  let left = false;
  for (const key of keys) {
    if (list === undefined || (await list.read(key)) === undefined) continue;
    const { sender, settings } = request;
    const issue = claimPlace(key)?.number ?? request.issueNumber;
    // Said before it is done: who dies in between is followed by somebody who still finds it in line.
    await tellWaitOver(gate.forge, { issue, text: leftLineText(`stopped by ${sender.login}`, settings.triggerPhrase) });
    left = (await list.leave(key)) || left;
  }
  return left;
}
