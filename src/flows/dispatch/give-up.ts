import { nothing } from '../../domain/coordination/amounts.ts';
import { deadLetterOp, deadLetterText } from '../../domain/dispatch/dead-letter-text.ts';
import type { RequestNames } from '../../domain/dispatch/request-names.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { isQuiet } from '../../domain/request-cause.ts';
import { defaultSettings } from '../../domain/settings.ts';
import type { TriggerEvent } from '../../domain/trigger-event.ts';
import { openRunOfRequest } from '../claim-of-request.ts';
import { closeTrackingComment } from '../close-run.ts';
import { letGo } from '../let-go.ts';
import { commentOnce } from '../marked-comment.ts';
import { readRequest } from '../read-request.ts';
import type { RequestWords } from '../request-words.ts';
import type { DispatchRoom, RepositoryAccess } from './dispatch-room.ts';

export interface GivenUpRequest {
  readonly repository: RepositoryRef;
  readonly event: TriggerEvent;
  readonly names: RequestNames;
  readonly workId: string;
  readonly fault: unknown;
}

/** The reason of a dead letter begins with its code: `E205: cannot …`. */
export function faultText(fault: unknown): string {
  const code = fault instanceof EntropyError ? fault.code : 'E900';
  return `${code}: ${describeError(fault)}`;
}

/**
 * Work that failed for the last time: what it holds is free again, its run has ended, and whoever asked is told. The books come
 * first, for GitHub may be what fails. False: not told yet; the sweeper tells it later.
 */
export async function giveUp(room: DispatchRoom, request: GivenUpRequest): Promise<'told' | 'untold' | 'nobody-asked'> {
  const { repository, names } = request;
  const issue = setOffIssue(request.event, room.memory.wordsOf(repository));
  if (issue === undefined) return 'nobody-asked';
  const access = room.connect(repository);
  const reason = faultText(request.fault);
  try {
    await endRunOf(room, access, { ...request, issue, reason });
    if (askedIssue(request.event) === undefined) return 'nobody-asked';
    await tellGivenUp(access, { issue, runId: names.runId, workId: request.workId, reason });
    return 'told';
  } catch (error) {
    room.log(`given up and not told on #${issue}: ${describeError(error)}`);
    return 'untold';
  }
}

async function endRunOf(
  room: DispatchRoom,
  { forge }: RepositoryAccess,
  { repository, names, issue, reason }: GivenUpRequest & { readonly issue: number; readonly reason: string },
): Promise<void> {
  const { branchPrefix } = room.memory.wordsOf(repository) ?? defaultSettings;
  const isIts = ({ leaseId }: { readonly leaseId: string }): boolean => leaseId === names.leaseId;
  const run = await openRunOfRequest({ forge, claims: room.claims }, { number: issue, branchPrefix, isIts });
  if (run === undefined) return;
  const { tasks, runs, budgets } = room;
  // Nothing was begun, so nothing was spent.
  const end = { outcome: 'failed', reason: `could not be started: ${reason}`, spent: nothing } as const;
  await letGo({ claims: room.claims, clock: room.clock, books: { tasks, runs, budgets } }, run, end);
  await closeTrackingComment(forge, run, {
    kind: 'failed',
    reason: `It could not be started: ${reason}`,
    next: '`/agent retry` starts a new run.',
  });
}

/** Once for each request, however often it is tried. */
export async function tellGivenUp(
  { forge }: Pick<RepositoryAccess, 'forge'>,
  told: { readonly issue: number; readonly runId: string; readonly workId: string; readonly reason: string },
): Promise<'created' | 'was-there'> {
  const { issue, runId, workId, reason } = told;
  const [, code, rest = reason] = /^(E[0-9]{3}): ([\s\S]*)$/.exec(reason) ?? [];
  const mark = { issue, fence: 0, run: runId, op: deadLetterOp };
  const text = deadLetterText({ code, reason: rest, workId }, defaultSettings.triggerPhrase);
  return (await commentOnce(forge, { mark, text })).kind;
}

/** The issue or pull request of an event by which somebody asked for something; what only tells us something is answered nowhere. */
export function askedIssue(event: TriggerEvent): number | undefined {
  const request = readRequest(event, defaultSettings);
  return 'kind' in request || isQuiet(request.cause) || request.issueNumber === 0 ? undefined : request.issueNumber;
}

/** The same with what nobody asked for, and is done all the same. */
export function setOffIssue(event: TriggerEvent, words: RequestWords = defaultSettings): number | undefined {
  const request = readRequest(event, words);
  return 'kind' in request || request.issueNumber === 0 ? undefined : request.issueNumber;
}
