import { advanceChangeSet, openedChangeSet } from '../../domain/change-set/advance.ts';
import { barredBy } from '../../domain/change-set/bars.ts';
import type { AskedMember, ChangeSet } from '../../domain/change-set/change-set.ts';
import { beyondAllowed, readAskedChangeSet } from '../../domain/change-set/read-asked.ts';
import * as texts from '../../domain/change-set/texts.ts';
import type { Command } from '../../domain/command.ts';
import type { IssueSnapshot } from '../../domain/issue.ts';
import { fullName } from '../../domain/repository.ts';
import type { StoredChangeSet } from '../../ports/change-sets.ts';
import { bindIssue } from '../bind-issue.ts';
import type { Admission, Gate, PermittedRequest } from '../gate.ts';
import { answer, refuse } from '../refuse.ts';
import { seenDigest } from '../seen-digest.ts';
import type { ChangeSetDesk } from './change-set-desk.ts';
import { findBars } from './find-bars.ts';
import { memberPart } from './member-part.ts';

interface Asked {
  readonly request: PermittedRequest;
  readonly command: Command;
  readonly issue: IssueSnapshot;
  readonly members: readonly AskedMember[];
}

/**
 * `fix` or `retry` on an issue that asks for a change in several repositories: the set is written down, or sent on, and whoever
 * dispatches goes on from there. Undefined: the issue asks for no such thing, or the repository allows none. The repositories
 * are those that the default branch lists, and whoever asks has to have write access in each of them.
 */
export async function askForChangeSet(
  gate: Gate,
  request: PermittedRequest,
  command: Command,
): Promise<Admission | undefined> {
  const { settings, issueNumber, cause } = request;
  if (settings.changeSets.length === 0 || cause !== undefined || request.isPullRequest === true) return undefined;
  const { forge } = gate;
  const phrase = settings.triggerPhrase;
  const current = await forge.issue(issueNumber);
  if (current.isPullRequest || (await memberPart(forge, current)) !== undefined) return undefined;
  const asked = readAskedChangeSet(current.body, forge.repository);
  if (asked.kind === 'none') return undefined;
  const bound = await bindIssue(gate, request, current);
  if (bound.kind === 'refused') return bound.admission;
  const no = (text: string) => refuse(gate, request, { reason: 'policy', text });
  if (asked.kind === 'wrong') return no(texts.changeSetWrong(asked.problem, phrase));
  const beyond = beyondAllowed(asked.members, [...settings.changeSets, fullName(forge.repository)]);
  if (beyond.length > 0) return no(texts.notAllowed(beyond, phrase));
  const desk = gate.changeSets;
  if (desk === undefined) return no(texts.needsApp(phrase));
  const closed = await whyNotThere(gate, desk, { request, command, issue: bound.issue, members: asked.members });
  if (closed !== undefined) return no(closed);
  return write(gate, desk, { request, command, issue: bound.issue, members: asked.members });
}

/** Why the set cannot be carried out in some of its repositories, in words for the issue. */
async function whyNotThere(
  { forge }: Gate,
  desk: ChangeSetDesk,
  { request, members }: Asked,
): Promise<string | undefined> {
  const { login } = request.sender;
  const phrase = request.settings.triggerPhrase;
  const bars = await findBars(desk, forge, { login, members });
  const missing = barredBy(bars, 'not-installed');
  if (missing.length > 0) return texts.notInstalled(missing, phrase);
  const closed = barredBy(bars, 'no-write');
  if (closed.length > 0) return texts.mayNotThere(login, closed, phrase);
  const unlike = barredBy(bars, 'not-alike');
  return unlike.length === 0 ? undefined : texts.notAlike(unlike, await forge.isPublic(), phrase);
}

async function write(gate: Gate, desk: ChangeSetDesk, asked: Asked): Promise<Admission> {
  const { request } = asked;
  const { sets } = desk.connect(gate.forge.repository);
  const name = gate.dispatch?.runId ?? gate.newId();
  const stored = await sets.read(asked.issue.number);
  const begun = { kind: 'answered', what: 'change-set', text: 'the set is written down' } as const;
  // The very same request again: whoever heard it first died over it.
  if (stored?.record.request === name) return begun;
  const next = nextSet(gate, asked, { stored, name });
  const swapped =
    next === undefined ? undefined : await sets.swap(asked.issue.number, { seen: stored?.id, record: next });
  if (swapped?.kind === 'stored') return begun;
  return answer(gate, request, { what: 'change-set', text: texts.isGoing(request.settings.triggerPhrase) });
}

/** Undefined: it goes on as it is. */
function nextSet(
  { clock, forge }: Gate,
  { request, command, issue, members }: Asked,
  { stored, name }: { readonly stored: StoredChangeSet | undefined; readonly name: string },
): ChangeSet | undefined {
  const wanted = {
    ...{ askedBy: request.sender.login, command: wordsOf(command), request: name, seen: seenDigest(issue), members },
  };
  const known = stored?.record;
  if (known === undefined || known.state === 'merged') {
    const place = { repository: fullName(forge.repository), issue: issue.number };
    return openedChangeSet({ ...place, ...wanted, openedAt: clock.now() });
  }
  if (known.state === 'going' && command.name !== 'retry') return undefined;
  return advanceChangeSet(known, { kind: 'asked-again', ...wanted });
}

/** What every member is asked for; a role or a base is one repository's own. */
function wordsOf({ options: { model, budgetMicroUsd } }: Command): string {
  const words = ['fix'];
  if (model !== undefined) words.push('--model', model);
  if (budgetMicroUsd !== undefined) words.push('--budget', `${budgetMicroUsd / 1_000_000}usd`);
  return words.join(' ');
}
