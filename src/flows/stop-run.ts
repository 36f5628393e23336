import { issueClaimKey } from '../domain/claim.ts';
import * as answers from '../domain/gate-answers.ts';
import { openRunOfClaim } from '../domain/open-run.ts';
import { closeRun } from './close-run.ts';
import type { Admission, Gate, PermittedRequest } from './gate.ts';
import { answer } from './refuse.ts';

/**
 * `stop`: the claim goes first. From then on the run can publish nothing, even when its workflow run cannot be cancelled
 * or ends a little later.
 */
export async function stopRun(gate: Gate, request: PermittedRequest): Promise<Admission> {
  const phrase = request.settings.triggerPhrase;
  const record = await claimOf(gate, request);
  if (record?.state !== 'held') {
    return answer(gate, request, { what: 'stopped', text: answers.nothingToStop(phrase) });
  }
  if (record.holder.kind === 'human') {
    return answer(gate, request, { what: 'stopped', text: answers.heldByPerson(record, phrase) });
  }
  const by = request.sender.login;
  await closeRun(gate, openRunOfClaim(record, request.issueNumber), { kind: 'stopped', by });
  const run = record.holder.workflowRun;
  const cancel = run === undefined ? 'missing' : await gate.forge.cancelWorkflowRun(run.id);
  return answer(gate, request, { what: 'stopped', text: answers.stopped(record, cancel, phrase) });
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

export async function claimOf({ forge, claims }: Gate, { issueNumber }: PermittedRequest) {
  return claims.read(issueClaimKey(forge.repository.owner, forge.repository.name, issueNumber));
}
