import type { RefusedActor, Team } from './actor-policy.ts';
import { formatUsd } from './budget.ts';
import type { ClaimRecord } from './claim.ts';
import type { CommandName } from './command.ts';
import { type CommandPlace, commandOfWork } from './command-table.ts';
import { asCodeSpan } from './outgoing-text.ts';
import type { RoleDefinition } from './roles/role.ts';
import { utcTime } from './told-time.ts';

/** What the gate writes on issues. Facts first; each text says what happens next. Names of people are GitHub's own. */

export interface ToldRefusal extends Omit<RefusedActor, 'kind'> {
  readonly login: string;
  readonly command: CommandName;
  readonly unseen: readonly Team[];
}

/** Who would do is told as the policy has it; teams and logins without an `@`, so that nobody is called. */
export function actorRefused({ login, permission, needed, command, unseen }: ToldRefusal, phrase: string): string {
  const usual = needed.length === 1 && needed[0] === 'write';
  if (usual) {
    return `@${login} may not start agents here (${permission} access; write is needed). A maintainer can: comment \`${phrase} ${command}\`.`;
  }
  const wanted = listed(needed.map((entry) => entry.replace(/^@/, '')));
  const teams = listed(unseen.map(({ org, slug }) => `${org}/${slug}`));
  const blind =
    teams === ''
      ? ''
      : ` Who is in ${teams} cannot be seen with this token: only a GitHub App with \`members: read\` is shown that.`;
  return `@${login} may not give \`${phrase} ${command}\` here (${permission} access). \`who.${command}\` in \`.github/entropy.yml\` asks for one of ${wanted}.${blind}`;
}

export function unknownCommand(word: string, suggestion: string | undefined, phrase: string): string {
  const first = word === '' ? 'Which command?' : `No such command: ${word}.`;
  const near = suggestion === undefined ? '' : ` Did you mean ${suggestion}?`;
  return `${first}${near} \`${phrase} help\` lists all.`;
}

export function invalidCommand(name: string, problem: string, phrase: string): string {
  return `\`${phrase} ${name}\` was not started: ${problem}. \`${phrase} help\` shows what there is.`;
}

/** `known`: those that there are. What was typed is a stranger's. */
export function roleUnknown(name: string, known: readonly string[], other?: string): string {
  const shown = /^[a-z0-9-]{1,40}$/.test(name) ? `there is no role ${name}` : 'that is not the name of a role';
  const there = known.length === 0 ? '' : ` There are: ${listed(known)}.`;
  const passed =
    other === undefined
      ? ''
      : ` \`${other}\` is a custom agent of GitHub Copilot, which is passed over; a role says \`results:\` (docs/roles.md).`;
  return `Nothing was started: ${shown}.${passed}${there}`;
}

export function roleGivesNot(role: RoleDefinition, command: CommandName, phrase: string): string {
  const gives = listed(role.results.map((kind) => `${phrase} ${commandOfWork(kind)}`));
  return `Nothing was started: the role ${asCodeSpan(role.name, 60)} is not for \`${phrase} ${command}\`. It is for ${gives}.`;
}

export function issueClosed(phrase: string): string {
  return `This issue is closed, so nothing was started. Reopen it, then comment \`${phrase} fix\`.`;
}

export function issueLocked(phrase: string): string {
  return `This conversation is locked, so nothing was started: an agent could not report here. Unlock it, then comment \`${phrase} fix\`.`;
}

export function changedSince(what: string, phrase: string): string {
  return `Nothing was started: ${what} was changed after the command, so it is not what was approved. Read it again, then comment \`${phrase} fix\`.`;
}

export function baseMissing(branch: string, phrase: string): string {
  return `Nothing was started: there is no branch ${asCodeSpan(branch, 100)} (E505). Push it, or choose another one: \`${phrase} fix --base BRANCH\`.`;
}

export function repositoryEmpty(): string {
  return 'Nothing was started: the repository has no commit yet (E502). Push a first one.';
}

export function budgetTooHigh(askedMicroUsd: number, limitMicroUsd: number): string {
  return `Nothing was started: ${formatUsd(askedMicroUsd)} USD is above the limit of ${formatUsd(limitMicroUsd)} USD a run. A maintainer may ask for more, or raise \`limits.max-cost-usd\` in \`.github/entropy.yml\`.`;
}

export function roleNotAllowed(role: string, allowed: readonly string[]): string {
  return `Nothing was started: the role ${asCodeSpan(role, 60)} is not allowed here. \`roles.allowed\` in \`.github/entropy.yml\` has ${listed(allowed)}.`;
}

export function modelNotAllowed(model: string, allowed: readonly string[]): string {
  return `Nothing was started: the model ${asCodeSpan(model, 128)} is not allowed here. \`models.allowed\` in \`.github/entropy.yml\` has ${listed(allowed)}.`;
}

function listed(entries: readonly string[]): string {
  return entries.map((entry) => asCodeSpan(entry, 160)).join(', ');
}

export function configurationWrong(code: string, message: string): string {
  return `Nothing was started, because the configuration is not valid (${code}):\n\n${asCodeSpan(message, 600)}\n\nCorrect it on the default branch, then try again.`;
}

/** The link is our own workflow run's. What went wrong may quote a stranger. */
export function gateFailed(code: string, message: string, log: string | undefined): string {
  const where = log === undefined ? '' : ` The [log](${log}) says what to do.`;
  return `Nothing was started, because of an error (${code}):\n\n${asCodeSpan(message, 600)}\n\nTry the command again when it is solved.${where}`;
}

export function taken(record: ClaimRecord, phrase: string): string {
  return `Already worked on by ${whoHolds(record)}. \`${phrase} status\` shows it; \`${phrase} release\` frees it.`;
}

export function statusFree(record: ClaimRecord | undefined, place: CommandPlace, phrase: string): string {
  const last =
    record === undefined ? '' : ` The last was run \`${wordOf(record.holder.runId)}\` with fence ${record.fence}.`;
  return `Nobody works on this ${noun(place)}.${last} ${sends(place, phrase)}.`;
}

function noun(place: CommandPlace): string {
  return place === 'issue' ? 'issue' : 'pull request';
}

function sends(place: CommandPlace, phrase: string): string {
  return `\`${phrase} ${place === 'issue' ? 'fix' : 'review'}\` sends an agent`;
}

export function statusHeld(record: ClaimRecord, runEnded: boolean, phrase: string): string {
  const log = linkTo(record);
  const held = `Worked on by ${whoHolds(record)}, fence ${record.fence}${log}.`;
  if (record.holder.kind === 'human') return `${held} \`${phrase} release\` frees it.`;
  const next = runEnded
    ? `Its workflow run has ended without closing it: the next \`${phrase} fix\` takes over.`
    : `\`${phrase} stop\` ends it.`;
  return `${held} ${next}`;
}

export function nothingToStop(place: CommandPlace, phrase: string): string {
  return `Nothing to stop: no agent works on this ${noun(place)}. ${sends(place, phrase)}.`;
}

export function heldByPerson(record: ClaimRecord, phrase: string): string {
  return `This issue is held by ${whoHolds(record)}, not by an agent. \`${phrase} release\` frees it.`;
}

export function stopped(
  record: ClaimRecord,
  cancel: 'cancelling' | 'ended' | 'missing' | 'not-permitted',
  phrase: string,
): string {
  const first = `Stopped run \`${wordOf(record.holder.runId)}\`: its claim is free, so it can publish nothing.`;
  const next = `If it had changed files, its comment tells in a moment where they are saved: \`${phrase} retry\` goes on from them, \`${phrase} fix\` starts anew.`;
  switch (cancel) {
    case 'cancelling':
      return `${first} Its workflow run is being cancelled. ${next}`;
    case 'ended':
    case 'missing':
      return `${first} ${next}`;
    case 'not-permitted':
      return `${first} Its workflow run goes on until it notices, because the token lacks \`actions: write\` to cancel it. ${next}`;
    default:
      return cancel satisfies never;
  }
}

export function releasedNow(record: ClaimRecord, phrase: string): string {
  return `Released: the claim of run \`${wordOf(record.holder.runId)}\` (fence ${record.fence}) is free, and that run can publish nothing any more. \`${phrase} fix\` starts anew.`;
}

export function nothingToRelease(place: CommandPlace, phrase: string): string {
  return `Nothing to release: nobody holds this ${noun(place)}. ${sends(place, phrase)}.`;
}

/** `coder (run 01JD…, since 14:02 UTC, until 14:32 UTC)`. The record lies in a ref that others can write. */
function whoHolds(record: ClaimRecord): string {
  const { holder } = record;
  if (holder.kind === 'human') return `${asCodeSpan(holder.owner, 60)} (since ${utcTime(record.acquiredAt)})`;
  const role = wordOf(holder.owner.split('/', 1)[0] ?? '');
  return `${role} (run \`${wordOf(holder.runId)}\`, since ${utcTime(record.acquiredAt)}, until ${utcTime(record.expiresAt)})`;
}

function linkTo({ holder }: ClaimRecord): string {
  const url = holder.workflowRun?.url ?? '';
  return /^https?:\/\/[\w.:/-]{1,300}$/.test(url) ? ` ([log](${url}))` : '';
}

function wordOf(text: string): string {
  return /^[\w-]{1,64}$/.test(text) ? text : 'unknown';
}
