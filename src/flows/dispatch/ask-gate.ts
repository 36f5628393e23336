import type { ClaimRecord } from '../../domain/claim.ts';
import type { QueuedDelivery } from '../../domain/dispatch/queued-message.ts';
import type { RequestNames } from '../../domain/dispatch/request-names.ts';
import { taskFileKey } from '../../domain/dispatch/run-files.ts';
import { EntropyError } from '../../domain/error.ts';
import { markOf } from '../../domain/markers.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { defaultSettings } from '../../domain/settings.ts';
import type { Task } from '../../domain/task.ts';
import type { TriggerEvent } from '../../domain/trigger-event.ts';
import { admitEvent } from '../admit-event.ts';
import { openRunOfRequest } from '../claim-of-request.ts';
import { closeRun } from '../close-run.ts';
import type { Admission, Gate } from '../gate.ts';
import { type ReadRequest, readRequest } from '../read-request.ts';
import { createAnnouncementStarter } from '../team/start-by-announcement.ts';
import type { DispatchRoom } from './dispatch-room.ts';
import { setOffIssue } from './give-up.ts';
import { tellLine } from './leave-line.ts';

export interface AskedAgain {
  readonly repository: RepositoryRef;
  readonly delivery: QueuedDelivery;
  readonly event: TriggerEvent;
  readonly names: RequestNames;
}

export type GateAnswer =
  /** Its run is in the books and its task lies ready: it can be started. */
  | { readonly kind: 'admitted' }
  /** Admitted before, and picked up or over by now. */
  | { readonly kind: 'begun-before' }
  | Exclude<Admission, { readonly kind: 'admitted' }>;

/**
 * Puts a request before the gate, as often as it takes: everything is checked anew each time, and everything that is written has
 * a name made of the request. What an earlier try left and this one would not do any more is taken back.
 */
export async function askGate(room: DispatchRoom, asked: AskedAgain, signal: AbortSignal): Promise<GateAnswer> {
  const { delivery, event, names } = asked;
  if (event.kind === 'unrelated') return { kind: 'ignored', reason: event.reason };
  if (isOurOwn(event)) return { kind: 'ignored', reason: 'the comment is one of our own' };

  const file = taskFile(names.runId);
  const run = await room.runs.read(names.runId);
  if (run !== undefined && run.state !== 'queued') return { kind: 'begun-before' };
  if (run !== undefined && (await room.objects.head(file)) !== undefined) return { kind: 'admitted' };

  const nothing = run === undefined ? comesToNothing(room, asked) : undefined;
  if (nothing !== undefined) return { kind: 'ignored', reason: nothing };
  const gate = gateOf(room, asked, delivery);
  const admission = await admitEvent(gate, event, signal);
  if (admission.kind === 'refused' && admission.reason === 'actor') {
    room.memory.tellRefused(asked.repository, event.sender.login);
  }
  const words = room.memory.wordsOf(asked.repository);
  if (admission.kind === 'ignored' && words !== undefined && isPlainComment(readRequest(event, words))) {
    room.memory.tellUnanswering(asked.repository, event.sender.login);
  }
  if (admission.kind !== 'admitted') {
    await takeBack(room, gate, asked);
    return admission;
  }
  await room.objects.put(file, taskBytes(admission.task), {
    contentType: 'application/json',
    ifAbsent: true,
    metadata: { run: names.runId },
    signal,
  });
  return { kind: 'admitted' };
}

/** Why it is not even put before the gate, which asks GitHub several times before it can say so. */
function comesToNothing({ memory }: DispatchRoom, { repository, event }: AskedAgain): string | undefined {
  if (event.kind === 'unrelated') return event.reason;
  // Asks for nothing, and ends what works.
  if (event.kind === 'closed') return undefined;
  const words = memory.wordsOf(repository);
  const request = words && readRequest(event, words);
  if (request !== undefined && 'kind' in request) return request.reason;
  const { login } = event.sender;
  if (request !== undefined && isPlainComment(request) && !memory.mayAnswer(repository, login))
    return `${login} answered nothing so often`;
  return memory.mayTry(repository, login) ? undefined : `${login} may not start agents, and was told so often enough`;
}

/** Perhaps an answer to a team's questions: everybody's comments are such where there are teams. */
function isPlainComment(request: ReadRequest): boolean {
  return !('kind' in request) && request.cause?.kind === 'answer';
}

function gateOf(room: DispatchRoom, { repository, names }: AskedAgain, delivery: QueuedDelivery): Gate {
  const { tasks, runs, budgets, claims, clock, newId, log, version, memory } = room;
  const runner = room.started.runnerRepository;
  let isRead = false;
  const settingsFrom: Gate['settingsFrom'] = async (file, where) => {
    const settings = await room.settingsFrom(file, where);
    // Those of the default branch are read first; those of another one choose no words.
    if (!isRead) memory.tellWords(repository, settings);
    isRead = true;
    return settings;
  };
  const { forge, workflows } = room.connect(repository);
  return {
    ...{ forge, claims, clock, newId, log, settingsFrom, version },
    team: { starter: createAnnouncementStarter(workflows) },
    books: { tasks, runs, budgets },
    dispatch: { ...names, traceparent: delivery.traceparent },
    waiting: { list: room.waiting, budgets, asked: delivery, retell: (line, before) => tellLine(room, line, before) },
    changeSets: room,
    ...(runner && { runner: room.connect(runner).forge }),
  };
}

/** An earlier try was admitted and died; meanwhile the issue was closed, say: nobody else would ever give its claim back. */
async function takeBack(room: DispatchRoom, gate: Gate, { repository, event, names }: AskedAgain): Promise<void> {
  const words = room.memory.wordsOf(repository) ?? defaultSettings;
  const number = setOffIssue(event, words);
  if (number === undefined) return;
  const { branchPrefix } = words;
  const isIts = ({ leaseId }: ClaimRecord): boolean => leaseId === names.leaseId;
  const run = await openRunOfRequest(gate, { number, branchPrefix, isIts });
  const reason = 'It was not started: what was asked for is not possible any more.';
  if (run !== undefined) await closeRun(gate, run, { kind: 'stopped', reason });
}

/** Every comment of ours comes back as a delivery: known by its first line, before anything is asked of GitHub. */
function isOurOwn(event: TriggerEvent): boolean {
  const body = event.kind === 'review' ? event.review.body : 'comment' in event ? event.comment.body : '';
  return markOf(body) !== undefined;
}

export function taskFile(runId: string): string {
  const key = taskFileKey(runId);
  if (key !== undefined) return key;
  throw new EntropyError({
    code: 'E900',
    message: `the run ${runId} is not named by a ULID`,
    fix: 'report it: whoever dispatches names runs so',
  });
}

function taskBytes(task: Task): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(task, null, 2)}\n`);
}
