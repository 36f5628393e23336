import * as answers from '../domain/gate-answers.ts';
import { statusHeldChange, statusNotAsShown } from '../domain/held/approval-answers.ts';
import { statusOfTeam } from '../domain/team-answers.ts';
import type { Forge } from '../ports/forge.ts';
import type { Gate, PermittedRequest } from './gate.ts';
import { heldAsShown, isOfIssue } from './held-as-shown.ts';
import { readHeld } from './held-change.ts';
import { holderIsDead } from './holder-is-dead.ts';
import { claimsHere } from './stop-run.ts';

/** Who works here, what waits for approval, and where the team stands. */
export async function statusText(gate: Gate, request: PermittedRequest): Promise<string> {
  const phrase = request.settings.triggerPhrase;
  const { held, last, place, conversation } = await claimsHere(gate, request);
  const parts: string[] = [];
  for (const record of held) parts.push(answers.statusHeld(record, await holderIsDead(gate, record), phrase));
  if (held.length === 0) parts.push(answers.statusFree(last, place, phrase));
  const { issue } = conversation;
  const team = issue === undefined ? undefined : await gate.forge.team.read(issue);
  if (team !== undefined) parts.push(statusOfTeam(team.record));
  const waits = held.length === 0 && place === 'issue' ? await statusWaits(gate.forge, request) : undefined;
  if (waits !== undefined) parts.push(waits);
  return parts.join('\n\n');
}

/** A hash is told only where the issue shows its plan: people approve what they are told. */
async function statusWaits(
  forge: Forge,
  { issueNumber, settings: { triggerPhrase: phrase } }: PermittedRequest,
): Promise<string | undefined> {
  const held = await readHeld(forge, issueNumber);
  if (held === undefined || !isOfIssue(forge, issueNumber, held)) return undefined;
  const { url: issueUrl } = await forge.issue(issueNumber);
  const shown = await heldAsShown(forge, held, { issueUrl, comments: await forge.comments(issueNumber) });
  const told = { phrase, kind: held.record.plan.kind };
  return shown === 'as-shown' ? statusHeldChange(held.hash, told) : statusNotAsShown(shown, told);
}
