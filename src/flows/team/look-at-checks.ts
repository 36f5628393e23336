import type { BriefReason } from '../../domain/brief.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { namesText } from '../../domain/stages/names-text.ts';
import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { PullRequestInfo } from '../../ports/forge.ts';
import type { CheckInfo } from '../../ports/forge-checks.ts';
import { baseConflict } from '../address/base-conflict.ts';
import { isSameCheck, type SortedChecks, sortChecks } from '../address/sort-checks.ts';
import { changeTeam } from './change-team.ts';
import type { TeamRoom } from './team-room.ts';

const pauseMs = 10_000;
/** A pull request that was just pushed to may get its checks a moment later. */
const noneAfterMs = 60_000;
/** No job on GitHub's own runners works for longer: what has not ended by then waits for somebody, or for nobody. */
export const endlessAfterMs = 6 * 60 * 60_000;

/**
 * What GitHub's checks say about the head that the team waits for. Waits no longer than the room has patience: whoever hears of
 * a check later, or sweeps, looks again. The record when it changed.
 */
export async function lookAtChecks(
  room: TeamRoom,
  record: TeamRecord,
  signal: AbortSignal,
): Promise<TeamRecord | undefined> {
  const { clock, checksPatienceMs } = room;
  const isAsked = record.state.kind === 'waiting' && record.state.for === 'person';
  const until = clock.monotonic() + (isAsked ? 0 : checksPatienceMs);
  for (;;) {
    signal.throwIfAborted();
    const event = await tellable(room, () => lookOnce(room, record, { isLast: clock.monotonic() >= until, signal }));
    if (event === 'not-told') return undefined;
    if (event !== undefined) {
      const change = await changeTeam(room, record.issue, event);
      return change.kind === 'changed' ? change.record : undefined;
    }
    if (clock.monotonic() >= until) return undefined;
    await clock.sleep(pauseMs, signal);
  }
}

/** A token without `checks: read` is told nothing: whoever has one, a sweeper or a later event, looks then. */
async function tellable(
  { log }: TeamRoom,
  look: () => Promise<TeamEvent | undefined>,
): Promise<TeamEvent | 'not-told' | undefined> {
  try {
    return await look();
  } catch (error) {
    const untold = error instanceof EntropyError && error.code === 'E204';
    if (!untold) throw error;
    log(`the checks could not be read: ${describeError(error)}`);
    return 'not-told';
  }
}

/** Undefined: not over yet, or perhaps not begun. */
async function lookOnce(
  room: TeamRoom,
  record: TeamRecord,
  { isLast, signal }: { readonly isLast: boolean; readonly signal: AbortSignal },
): Promise<TeamEvent | undefined> {
  const { forge, clock } = room;
  const { pullRequest, headSha, history, state, unended = [] } = record;
  if (pullRequest === undefined || headSha === undefined) return undefined;
  const pull = await forge.pullRequest(pullRequest);
  if (pull === undefined || pull.state === 'closed') {
    return { kind: 'pull-closed', pullRequest, merged: pull?.merged ?? false };
  }
  if (pull.headSha !== headSha) return { kind: 'head-moved', headSha: pull.headSha };
  const since = clock.now() - (history.at(-1)?.at ?? 0);
  // GitHub runs no workflows of a pull request that it cannot merge: checks of an earlier day, or none, would say that all is well.
  const merge = await mergeOf(room, pull, signal);
  if (merge !== 'clean') {
    return merge === 'untold' ? undefined : { kind: 'sent-back', reasons: [merge], by: 'forge' };
  }
  const sorted = await sortChecks(forge.checks, headSha);
  const hasAsked = state.kind === 'waiting' && state.for === 'person';
  const waitedFor = sorted.unfinished.filter(({ name }) => hasAsked || !unended.includes(name));
  if (waitedFor.length > 0) {
    if (hasAsked || since < endlessAfterMs) return undefined;
    if (sorted.failed.length === 0) {
      return { kind: 'checks', headSha, told: 'unended', names: waitedFor.map(({ name }) => name) };
    }
  }
  const failure = await failureOf(room, { pullRequest, headSha, sorted });
  if (failure === 'again') return undefined;
  return failure === 'none' ? end(room, { pull, headSha, sorted, isLast, since }) : failure;
}

/** The base went on, and git cannot merge: the coder has to. */
async function mergeOf(
  { forge, clock, log }: TeamRoom,
  pull: PullRequestInfo,
  signal: AbortSignal,
): Promise<'clean' | 'untold' | Extract<BriefReason, { readonly kind: 'conflict' }>> {
  const baseSha = pull.mergeable === 'yes' ? undefined : await forge.branchHead(pull.baseBranch);
  if (baseSha === undefined) return 'clean';
  const conflict = await baseConflict({ forge, pull, baseSha, clock, log, signal });
  if (conflict.kind === 'none') return 'clean';
  return conflict.kind === 'untold' ? 'untold' : conflict.reason;
}

interface Looked {
  readonly headSha: string;
  readonly sorted: SortedChecks;
}

/** What the change itself broke is the coder's; what fails on the base as well is nobody's here, and is told in the end. */
async function failureOf(
  room: TeamRoom,
  { pullRequest, headSha, sorted }: Looked & { readonly pullRequest: number },
): Promise<TeamEvent | 'none' | 'again'> {
  if (sorted.failed.length === 0) return 'none';
  const { failed, allOnBase } = await room.failedChecks(pullRequest, headSha);
  // Somebody has started one again meanwhile: whoever looks next knows.
  if (failed.length === 0) return 'again';
  if (allOnBase) return 'none';
  return { kind: 'checks', headSha, told: 'failed', failed };
}

async function end(
  room: TeamRoom,
  looked: Looked & { readonly pull: PullRequestInfo; readonly isLast: boolean; readonly since: number },
): Promise<TeamEvent | undefined> {
  const { pull, headSha, sorted, isLast, since } = looked;
  const { failed, passed, silent, unfinished } = sorted;
  const besides = [
    ...named('fails on the base as well', failed),
    ...named(
      'said nothing',
      silent.filter((check) => !passed.some((other) => isSameCheck(check, other))),
    ),
    ...named('has not ended', unfinished),
  ];
  const told = { kind: 'checks', headSha, ...(besides.length > 0 && { besides }) } as const;
  const seen = [...failed, ...passed, ...silent, ...unfinished];
  if (seen.length > 0) {
    // The first of them has ended, and others are about to begin: those that the base has are waited for a moment.
    const isEarly = since < noneAfterMs && !(isLast && room.checksPatienceMs > 0);
    return isEarly && (await lacksSome(room, pull.baseBranch, seen)) ? undefined : { ...told, told: 'green' };
  }
  const noMore = isLast || since >= noneAfterMs || !(await hasChecks(room, pull.baseBranch));
  return noMore ? { ...told, told: 'none' } : undefined;
}

function named(what: string, checks: readonly CheckInfo[]): readonly string[] {
  return checks.length === 0 ? [] : [`${what}: ${namesText(checks.map(({ name }) => name))}`];
}

/** Where the base has none either, none are to be expected. */
async function hasChecks({ forge }: TeamRoom, branch: string): Promise<boolean> {
  const head = await forge.branchHead(branch);
  return head !== undefined && (await forge.checks.of(head)).length > 0;
}

/** Whether a check of the base has not begun here. Jobs of ours are none. */
async function lacksSome({ forge }: TeamRoom, branch: string, seen: readonly CheckInfo[]): Promise<boolean> {
  const head = await forge.branchHead(branch);
  if (head === undefined) return false;
  const { failed, passed } = await sortChecks(forge.checks, head);
  return [...failed, ...passed].some((check) => !seen.some((other) => isSameCheck(check, other)));
}
