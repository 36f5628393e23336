import type { FailedCheck } from '../../domain/brief.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import type { TeamEvent } from '../../domain/stages/team-event.ts';
import type { TeamRecord } from '../../domain/stages/team-record.ts';
import type { CheckInfo } from '../../ports/forge-checks.ts';
import { changeTeam } from './change-team.ts';
import type { TeamRoom } from './team-room.ts';

const pauseMs = 10_000;
/** A pull request that was just pushed to may get its checks a moment later. */
const noneAfterMs = 60_000;

/**
 * What GitHub's checks say about the head that the team waits for. Waits no longer than the room has patience: whoever hears of
 * a check later, or sweeps, looks again. The record when it changed.
 */
export async function lookAtChecks(
  room: TeamRoom,
  record: TeamRecord,
  signal: AbortSignal,
): Promise<TeamRecord | undefined> {
  const { clock, checksPatienceMs = 0 } = room;
  const until = clock.monotonic() + checksPatienceMs;
  for (;;) {
    signal.throwIfAborted();
    const event = await tellable(room, () => lookOnce(room, record, { isLast: clock.monotonic() >= until }));
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
  { pullRequest, headSha, history }: TeamRecord,
  { isLast }: { readonly isLast: boolean },
): Promise<TeamEvent | undefined> {
  const { forge, clock } = room;
  if (pullRequest === undefined || headSha === undefined) return undefined;
  const pull = await forge.pullRequest(pullRequest);
  if (pull === undefined || pull.state === 'closed') {
    return { kind: 'pull-closed', pullRequest, merged: pull?.merged ?? false };
  }
  if (pull.headSha !== headSha) return { kind: 'head-moved', headSha: pull.headSha };
  const checks = await forge.checks.of(headSha);
  if (checks.some(({ status }) => status !== 'completed')) return undefined;
  const failed = checks.filter(hasFailed);
  if (failed.length > 0) {
    const told = await room.failedChecks?.(pullRequest, headSha);
    const known = told === undefined || told.length === 0 ? failed.map(byName) : told;
    return { kind: 'checks', headSha, told: 'failed', failed: known };
  }
  if (checks.length > 0) return { kind: 'checks', headSha, told: 'green' };
  const since = clock.now() - (history.at(-1)?.at ?? 0);
  const noMore = isLast || since >= noneAfterMs || !(await hasChecks(room, pull.baseBranch));
  return noMore ? { kind: 'checks', headSha, told: 'none' } : undefined;
}

/** Where the base has none either, none are to be expected. */
async function hasChecks({ forge }: TeamRoom, branch: string): Promise<boolean> {
  const head = await forge.branchHead(branch);
  return head !== undefined && (await forge.checks.of(head)).length > 0;
}

const passed: ReadonlySet<string> = new Set(['success', 'neutral', 'skipped']);

function hasFailed({ conclusion }: CheckInfo): boolean {
  return !passed.has(conclusion ?? '');
}

function byName({ name, url, conclusion, summary }: CheckInfo): FailedCheck {
  return { name, url, conclusion: conclusion ?? 'unknown', excerpt: summary ?? '' };
}
