import type { Command } from '../domain/command.ts';
import { commandOfWork, commandTable } from '../domain/command-table.ts';
import { EntropyError } from '../domain/error.ts';
import * as answers from '../domain/gate-answers.ts';
import { helpText } from '../domain/help-text.ts';
import { isQuiet } from '../domain/request-cause.ts';
import type { TriggerEvent } from '../domain/trigger-event.ts';
import { afterClosed } from './after-closed.ts';
import { approveHeld } from './approve-held.ts';
import { readRole } from './choose-role.ts';
import { findAsker } from './find-asker.ts';
import type { Admission, Gate, GateRequest, PermittedRequest } from './gate.ts';
import { judgeAsker } from './judge-asker.ts';
import { readRequest } from './read-request.ts';
import { roleNames } from './read-roles.ts';
import { readSettings } from './read-settings.ts';
import { answer, refuse, refuseActor, tellFault } from './refuse.ts';
import { scheduledIssue } from './scheduled-issue.ts';
import { startFix } from './start-fix.ts';
import { startStep } from './start-step.ts';
import { startWork } from './start-work.ts';
import { releaseClaim, stopRun } from './stop-run.ts';
import { statusText } from './tell-status.ts';

/**
 * The gate: from an event to a task, an answer or a refusal. Nothing of the repository runs here and no model is asked;
 * every text that is read is a stranger's. Settings and roles are those of the default branch, who may do what is GitHub's
 * word for whoever asks, and what is worked on is what the person saw when they asked.
 */
export async function admitEvent(gate: Gate, event: TriggerEvent, signal: AbortSignal): Promise<Admission> {
  signal.throwIfAborted();
  if (event.kind === 'unrelated') return { kind: 'ignored', reason: event.reason };
  if (event.kind === 'closed') return afterClosed(gate, event, signal);
  const { forge } = gate;
  const defaultBranch = await forge.defaultBranch();
  const defaultHead = await forge.branchHead(defaultBranch);
  const read = await readSettings(gate, defaultHead, defaultBranch);
  const { settings } = read;

  const told = readRequest(event, settings);
  if ('kind' in told) return told;
  const named = await commandOfRole(gate, told, defaultHead);
  const elsewhere = leftToOthers(gate, named);
  if (elsewhere !== undefined) return elsewhere;
  const asker = await findAsker(gate, named, settings);
  if (asker.kind === 'ignored') return asker;
  const request = { ...named, sender: asker.sender };

  const { sender } = request;
  const judged = await judgeAsker(gate, { request, asker, typist: named.sender }, settings);
  if (judged.kind === 'ignored') return judged;
  if (judged.kind === 'refused')
    return refuseActor(
      gate,
      request,
      answers.actorRefused({ ...judged.refusal, login: sender.login }, settings.triggerPhrase),
    );

  signal.throwIfAborted();
  await acknowledge(gate, request);
  if (read.problem !== undefined) {
    const text = answers.configurationWrong(read.problem.code, read.problem.message);
    return refuse(gate, request, { reason: 'configuration', text });
  }
  if (defaultHead === undefined) {
    return refuse(gate, request, { reason: 'base', text: answers.repositoryEmpty() });
  }
  const { permission, approval } = judged;
  const permitted = { ...request, approval, permission, settings, defaultBranch, defaultHead };
  try {
    return await decide(gate, permitted, signal);
  } catch (error) {
    // Whoever saw the eyes must not wait for ever; the fault itself makes the job red.
    signal.throwIfAborted();
    if (gate.dispatch !== undefined || isQuiet(request.cause)) throw error;
    await tellFault(gate, permitted, error);
    throw error;
  }
}

/** What another role is asked for, where this gate answers for one alone; nobody sees a sign of it then. */
function leftToOthers({ only }: Gate, { asked }: GateRequest): Admission | undefined {
  if (only === undefined || asked.kind !== 'command') return undefined;
  const { name, options } = asked.command;
  // Carrying out an approved plan is the coder's; what ends or tells something is anybody's.
  const role = options.role ?? (name === 'approve' ? 'coder' : commandTable[name].work?.role);
  if (role === undefined || role === only) return undefined;
  return { kind: 'ignored', reason: `${name} is for the ${role}, and this is the ${only}` };
}

/** A label names a role, and the default branch says what that role is for. */
async function commandOfRole(gate: Gate, request: GateRequest, defaultHead: string | undefined): Promise<GateRequest> {
  const { asked } = request;
  if (asked.kind !== 'role' || defaultHead === undefined) return request;
  const resolved = await readRole(gate.forge, asked.role, defaultHead);
  // A broken file is told when it is known that whoever asks may start agents; the role is read again then.
  if (resolved instanceof EntropyError) return { ...request, asked: fixBy(asked.role) };
  if (resolved.kind === 'not-found') {
    return { ...request, asked: { kind: 'unknown-role', name: asked.role, known: resolved.known } };
  }
  const name = commandOfWork(resolved.role.results[0]);
  return { ...request, asked: { kind: 'command', command: { name, options: { role: asked.role } } } };
}

function fixBy(role: string) {
  return { kind: 'command', command: { name: 'fix', options: { role } } } as const;
}

/** The eyes on the comment, before anything that takes time. */
async function acknowledge(
  { forge }: Gate,
  { approval, lineComment, review, issueNumber, cause }: GateRequest,
): Promise<void> {
  if (isQuiet(cause)) return;
  if (approval.comment !== undefined) await forge.reactToComment(approval.comment.id, 'eyes');
  if (lineComment !== undefined) await forge.reactToLineComment(lineComment.id, 'eyes');
  if (review !== undefined) await forge.reviews.react(issueNumber, review.id);
}

async function decide(gate: Gate, request: PermittedRequest, signal: AbortSignal): Promise<Admission> {
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
    case 'role':
    case 'unknown-role': {
      const known = asked.kind === 'role' ? [] : asked.known;
      const name = asked.kind === 'role' ? asked.role : asked.name;
      return answer(gate, request, { what: 'not-understood', text: answers.roleUnknown(name, known) });
    }
    case 'command': {
      const placed = request.cause?.kind === 'schedule' ? await scheduledIssue(gate, request) : request;
      return obey(gate, placed, asked.command, signal);
    }
    default:
      return asked satisfies never;
  }
}

async function obey(gate: Gate, request: PermittedRequest, command: Command, signal: AbortSignal): Promise<Admission> {
  if (request.cause?.kind === 'step') return startStep(gate, request, command, signal);
  switch (command.name) {
    case 'fix':
    case 'retry':
      return startFix(gate, request, command, signal);
    case 'plan':
    case 'review':
    case 'test':
    case 'triage':
      return startWork(gate, request, command, { signal });
    case 'approve':
      return approveHeld(gate, request, command, signal);
    case 'stop':
      return stopRun(gate, request, signal);
    case 'release':
      return releaseClaim(gate, request);
    case 'status':
      return answer(gate, request, { what: 'status', text: await statusText(gate, request) });
    case 'help':
      return answer(gate, request, { what: 'help', text: await help(gate, request) });
    default:
      return command.name satisfies never;
  }
}

/** With the roles of this repository; a file among them that cannot be read is told to whoever asks for that role. */
async function help({ forge }: Gate, request: PermittedRequest): Promise<string> {
  const { issueNumber, settings, defaultHead } = request;
  const isPullRequest = request.isPullRequest ?? (await forge.issue(issueNumber)).isPullRequest;
  const { triggerPhrase: phrase, labelTrigger: label, allowedRoles } = settings;
  const there = await roleNames(forge, defaultHead);
  const roles = allowedRoles.length === 0 ? there : there.filter((name) => allowedRoles.includes(name));
  return helpText({ phrase, label, place: isPullRequest ? 'pull-request' : 'issue', roles });
}
