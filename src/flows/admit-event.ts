import type { Command } from '../domain/command.ts';
import { EntropyError } from '../domain/error.ts';
import * as answers from '../domain/gate-answers.ts';
import { statusHeldChange, statusNotAsShown } from '../domain/held/approval-answers.ts';
import type { Settings } from '../domain/settings.ts';
import type { TriggerEvent } from '../domain/trigger-event.ts';
import type { Forge } from '../ports/forge.ts';
import { approveHeld } from './approve-held.ts';
import { type Admission, type Gate, type GateRequest, type PermittedRequest, settingsPath } from './gate.ts';
import { heldAsShown, isOfIssue } from './held-as-shown.ts';
import { readHeld } from './held-change.ts';
import { holderIsDead } from './holder-is-dead.ts';
import { judgeSender } from './judge-sender.ts';
import { readRequest } from './read-request.ts';
import { answer, refuse, refuseActor, tellFault } from './refuse.ts';
import { startWork } from './start-work.ts';
import { claimOf, releaseClaim, stopRun } from './stop-run.ts';

/**
 * The gate: from an event to a task, an answer or a refusal. Nothing of the repository runs here and no model is asked;
 * every text that is read is a stranger's. The settings are those of the default branch, who may do what is GitHub's
 * word for the event's sender, and what is worked on is what the person saw when they asked.
 */
export async function admitEvent(gate: Gate, event: TriggerEvent, signal: AbortSignal): Promise<Admission> {
  signal.throwIfAborted();
  if (event.kind === 'unrelated') return { kind: 'ignored', reason: event.reason };
  const { forge } = gate;
  const defaultBranch = await forge.defaultBranch();
  const defaultHead = await forge.branchHead(defaultBranch);
  const read = await readSettings(gate, defaultHead, defaultBranch);

  const request = readRequest(event, read.settings);
  if ('kind' in request) return request;

  const { sender } = request;
  const { permission, decision } = await judgeSender(forge, request, read.settings);
  if (decision.kind === 'bot') return { kind: 'ignored', reason: `${sender.login} is not in allowed-bots` };
  if (decision.kind === 'refused') {
    const text = answers.actorRefused({ ...decision, login: sender.login }, read.settings.triggerPhrase);
    return refuseActor(gate, request, text);
  }

  signal.throwIfAborted();
  await acknowledge(gate, request);
  if (read.problem !== undefined) {
    const text = answers.configurationWrong(read.problem.code, read.problem.message);
    return refuse(gate, request, { reason: 'configuration', text });
  }
  if (defaultHead === undefined) {
    return refuse(gate, request, { reason: 'base', text: answers.repositoryEmpty() });
  }
  const permitted = { ...request, permission, settings: read.settings, defaultBranch, defaultHead };
  try {
    return await decide(gate, permitted);
  } catch (error) {
    // Whoever saw the eyes must not wait for ever; the fault itself makes the job red.
    signal.throwIfAborted();
    if (gate.dispatch !== undefined) throw error;
    await tellFault(gate, permitted, error);
    throw error;
  }
}

/** The eyes on the comment, before anything that takes time. */
async function acknowledge({ forge }: Gate, { approval }: GateRequest): Promise<void> {
  if (approval.comment !== undefined) await forge.reactToComment(approval.comment.id, 'eyes');
}

/** The file's settings; when it is broken, those without it, which still tell whether anybody asked for anything. */
async function readSettings(
  { forge, settingsFrom }: Gate,
  head: string | undefined,
  branch: string,
): Promise<{ readonly settings: Settings; readonly problem?: EntropyError }> {
  const where = `${settingsPath} at ${branch}`;
  const file = head === undefined ? undefined : await forge.file(settingsPath, head);
  try {
    return { settings: await settingsFrom(file, where) };
  } catch (error) {
    const broken = error instanceof EntropyError && error.code === 'E101' && file !== undefined;
    if (!broken) throw error;
    return { settings: await settingsFrom(undefined, where), problem: error };
  }
}

async function decide(gate: Gate, request: PermittedRequest): Promise<Admission> {
  const { asked, settings } = request;
  const phrase = settings.triggerPhrase;
  switch (asked.kind) {
    case 'unknown': {
      const text = answers.unknownCommand(asked.word, asked.suggestion, phrase);
      return answer(gate, request, { what: 'not-understood', text });
    }
    case 'invalid':
      return answer(gate, request, {
        what: 'not-understood',
        text: answers.invalidCommand(asked.name, asked.problem, phrase),
      });
    case 'unknown-role':
      return answer(gate, request, {
        what: 'not-available',
        text: answers.roleNotAvailable(asked.name, settings.labelTrigger),
      });
    case 'command':
      return obey(gate, request, asked.command);
    default:
      return asked satisfies never;
  }
}

async function obey(gate: Gate, request: PermittedRequest, command: Command): Promise<Admission> {
  const { triggerPhrase: phrase, labelTrigger } = request.settings;
  switch (command.name) {
    case 'fix':
    case 'retry':
      return startWork(gate, request, command);
    case 'approve':
      return approveHeld(gate, request, command);
    case 'stop':
      return stopRun(gate, request);
    case 'release':
      return releaseClaim(gate, request);
    case 'status':
      return answer(gate, request, { what: 'status', text: await status(gate, request) });
    case 'help':
      return answer(gate, request, { what: 'help', text: answers.help(phrase, labelTrigger) });
    case 'plan':
    case 'review':
    case 'test':
    case 'triage':
      return answer(gate, request, {
        what: 'not-available',
        text: answers.commandNotAvailable(command.name, phrase),
      });
    default:
      return command.name satisfies never;
  }
}

async function status(gate: Gate, request: PermittedRequest): Promise<string> {
  const phrase = request.settings.triggerPhrase;
  const record = await claimOf(gate, request);
  if (record?.state !== 'held') {
    const free = answers.statusFree(record, phrase);
    const waits = await statusWaits(gate.forge, request.issueNumber, phrase);
    return waits === undefined ? free : `${free}\n\n${waits}`;
  }
  return answers.statusHeld(record, await holderIsDead(gate, record), phrase);
}

/** A hash is told only where the issue shows its plan: people approve what they are told. */
async function statusWaits(forge: Forge, issueNumber: number, phrase: string): Promise<string | undefined> {
  const held = await readHeld(forge, issueNumber);
  if (held === undefined || !isOfIssue(forge, issueNumber, held)) return undefined;
  const { url: issueUrl } = await forge.issue(issueNumber);
  const shown = await heldAsShown(forge, held, { issueUrl, comments: await forge.comments(issueNumber) });
  return shown === 'as-shown' ? statusHeldChange(held.hash, phrase) : statusNotAsShown(shown, phrase);
}
