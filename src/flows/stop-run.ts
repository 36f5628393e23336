import { type ClaimKey, type ClaimRecord, issueClaimKey } from '../domain/claim.ts';
import { leftByStop, leftLineText } from '../domain/dispatch/waiting-text.ts';
import * as answers from '../domain/gate-answers.ts';
import { gaveUp } from '../domain/held/approval-answers.ts';
import { openRunOfClaim } from '../domain/open-run.ts';
import { asCodeSpan } from '../domain/outgoing-text.ts';
import { closeRun } from './close-run.ts';
import { tellWaitOver } from './dispatch/tell-waiting.ts';
import type { Admission, Gate, PermittedRequest } from './gate.ts';
import { endHeld, readHeld } from './held-change.ts';
import { answer } from './refuse.ts';
import { forgeOfRun, withWorkflowRun } from './with-workflow-run.ts';

/**
 * `stop`: the claim goes first. From then on the run can publish nothing, even when its workflow run cannot be cancelled
 * or ends a little later.
 */
export async function stopRun(gate: Gate, request: PermittedRequest): Promise<Admission> {
  const phrase = request.settings.triggerPhrase;
  const record = await claimOf(gate, request);
  if (record?.state !== 'held') {
    const text = (await leaveLine(gate, request)) ? leftByStop(phrase) : await stopWaiting(gate, request);
    return answer(gate, request, { what: 'stopped', text });
  }
  if (record.holder.kind === 'human') {
    return answer(gate, request, { what: 'stopped', text: answers.heldByPerson(record, phrase) });
  }
  const by = request.sender.login;
  await closeRun(gate, openRunOfClaim(record, request.issueNumber), { kind: 'stopped', by });
  const run = record.holder.workflowRun;
  const cancel = run === undefined ? 'missing' : await forgeOfRun(gate, run).cancelWorkflowRun(run.id);
  return answer(gate, request, { what: 'stopped', text: answers.stopped(record, cancel, phrase) });
}

/** Nobody works: what waits for approval is given up, when there is such a change. */
async function stopWaiting({ forge }: Gate, { issueNumber, settings, sender }: PermittedRequest): Promise<string> {
  const held = await readHeld(forge, issueNumber);
  if (held === undefined) return answers.nothingToStop(settings.triggerPhrase);
  await endHeld(forge, issueNumber, { held, what: `given up by ${asCodeSpan(`@${sender.login}`, 60)}.` });
  return gaveUp(held.hash, settings.triggerPhrase);
}

/** `release`: whoever holds the claim, a person too, it is free afterwards. */
export async function releaseClaim(gate: Gate, request: PermittedRequest): Promise<Admission> {
  const phrase = request.settings.triggerPhrase;
  const record = await claimOf(gate, request);
  if (record?.state !== 'held') {
    return answer(gate, request, { what: 'released', text: answers.nothingToRelease(phrase) });
  }
  const run = openRunOfClaim(record, request.issueNumber);
  await closeRun(gate, run, { kind: 'stopped', by: request.sender.login, reason: 'Its claim was released.' });
  return answer(gate, request, { what: 'released', text: answers.releasedNow(record, phrase) });
}

/** With the workflow run that works for it, which a dispatched run's claim does not name itself. */
export async function claimOf(gate: Gate, request: PermittedRequest): Promise<ClaimRecord | undefined> {
  const record = await gate.claims.read(claimKeyOf(gate, request));
  return record && withWorkflowRun(gate.books?.runs, record, 'any');
}

function claimKeyOf({ forge }: Gate, { issueNumber }: PermittedRequest): ClaimKey {
  return issueClaimKey(forge.repository.owner, forge.repository.name, issueNumber);
}

/** False: it stood in no line. */
async function leaveLine(gate: Gate, request: PermittedRequest): Promise<boolean> {
  const { list } = gate.waiting ?? {};
  const key = claimKeyOf(gate, request);
  if (list === undefined || (await list.read(key)) === undefined) return false;
  const { issueNumber: issue, sender, settings } = request;
  // Said before it is done: who dies in between is followed by somebody who still finds it in line.
  await tellWaitOver(gate.forge, { issue, text: leftLineText(`stopped by ${sender.login}`, settings.triggerPhrase) });
  return list.leave(key);
}
