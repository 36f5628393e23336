import type { RunRecord } from '../../domain/coordination/run-record.ts';
import { maxStarts, startDue, stuckAfterMs } from '../../domain/dispatch/start-again.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { taskFile } from '../dispatch/ask-gate.ts';
import { dispatchRun, findStarted, noteStarted } from '../dispatch/dispatch-run.ts';
import { endDispatched, endUnheardRun } from '../dispatch/end-dispatched.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';

export interface SweptRuns {
  /** Started (again). */
  readonly started: number;
  /** Given up after too many starts, or without a claim. */
  readonly ended: number;
  /** Picked up, and their workflow run ended without a word. */
  readonly unheard: number;
  /** Started more than two minutes ago and not picked up yet. */
  readonly stuck: number;
  /** At work and silent for longer than they promised. */
  readonly silent: number;
}

/** A tick reads so many; an organisation has room for twenty at work where nobody said otherwise. */
const maxRuns = 5_000;
const pageRuns = 500;
/** GitHub may be in trouble for one repository, or altogether: then nobody waits for each of them. */
const maxTroubles = 3;
/** Longer than a message is tried. */
const untaskedMs = 30 * 60_000;
/** A run at work that sends heartbeats sends one each half minute. */
const silentAfterMs = 3 * 60_000;

/**
 * Runs that were handed over: those that nobody came for are looked for on GitHub and started again, later each time, and after
 * five starts end with a word on their issue; those whose workflow run ended without a word end as well.
 */
export async function sweepRuns(room: SweepRoom, { isTimeUp }: SweepBounds): Promise<SweptRuns> {
  const counts = { started: 0, ended: 0, unheard: 0, stuck: 0, silent: 0 };
  const now = room.clock.now();
  const troubles: EntropyError[] = [];
  for (const run of await livingRuns(room, isTimeUp)) {
    if (isTimeUp()) break;
    if (run.dispatched === undefined) {
      if (isSilent(run, now)) counts.silent += 1;
      continue;
    }
    const swept = await sweepDispatched(room, run);
    if (typeof swept === 'object') {
      troubles.push(swept.trouble);
      if (troubles.length >= maxTroubles) break;
      continue;
    }
    if (swept === 'started') counts.started += 1;
    if (swept === 'ended') counts.ended += 1;
    if (swept === 'unheard') counts.unheard += 1;
    const waits = run.state === 'queued' && swept !== 'ended';
    if (waits && now - run.startedAt > stuckAfterMs) counts.stuck += 1;
  }
  const [trouble] = troubles;
  if (trouble !== undefined) throw trouble;
  return counts;
}

/**
 * The oldest first. Whoever may open runs may open many, which are only read: one that says it was handed over is the
 * dispatcher's, and must not disappear behind the others.
 */
async function livingRuns({ runs }: SweepRoom, isTimeUp: () => boolean): Promise<readonly RunRecord[]> {
  const found = new Map<string, RunRecord>();
  let before: number | undefined;
  while (found.size < maxRuns && !isTimeUp()) {
    const known = found.size;
    const filter = {
      states: ['queued', 'running', 'waiting'],
      limit: pageRuns,
      ...(before !== undefined && { before }),
    } as const;
    const page = await runs.list(filter);
    for (const run of page) found.set(run.id, run);
    const last = page.at(-1);
    if (last === undefined || page.length < pageRuns) break;
    // Others may have begun in that very millisecond, unless all of this page did.
    before = found.size === known ? last.startedAt : last.startedAt + 1;
  }
  return [...found.values()].toReversed();
}

/** Runs in Actions send no heartbeats: GitHub is asked about those. */
function isSilent(run: RunRecord, now: number): boolean {
  return run.state === 'running' && run.workflowRun === undefined && now - run.heartbeatAt > silentAfterMs;
}

/**
 * One whose repository lost the App, was renamed or is gone fails each time, and must not keep those behind it from being looked
 * at: its claim's lease ends it. Trouble that passes is told when the others were looked at.
 */
async function sweepDispatched(
  room: SweepRoom,
  run: RunRecord,
): Promise<'started' | 'ended' | 'unheard' | 'waits' | { readonly trouble: EntropyError }> {
  try {
    if (run.state === 'queued') return await sweepQueued(room, run);
    if (!(await room.hasEnded(run))) return 'waits';
    return (await endUnheardRun(endingBooks(room), run)) ? 'unheard' : 'waits';
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    room.log(`the run ${run.id} could not be looked at: ${describeError(error)}`);
    return error.retryable ? { trouble: error } : 'waits';
  }
}

async function sweepQueued(room: SweepRoom, run: RunRecord): Promise<'started' | 'ended' | 'waits'> {
  const due = startDue(run, room.clock.now());
  if (due === 'wait') return 'waits';
  if (await isComing(room, run)) return 'waits';
  // Whoever admitted it died before its task was written, and is being followed by another try; not for ever.
  if ((await room.objects.head(taskFile(run.id))) === undefined) {
    const isLost = room.clock.now() - run.startedAt > untaskedMs;
    return isLost ? giveUpRun(room, run, 'its task was never written') : 'waits';
  }
  if (due === 'give-up')
    return giveUpRun(room, run, `it was started ${maxStarts} times, and no workflow run came for it`);
  const again = await dispatchRun(room, run.id, { again: true });
  switch (again.kind) {
    case 'started':
      return 'started';
    case 'refused':
      return giveUpRun(room, run, again.reason);
    case 'not-needed':
      if (again.why !== 'stale') return 'waits';
      return giveUpRun(room, run, 'its claim was lost before it began');
    case 'look-again':
      return 'waits';
    default:
      return again satisfies never;
  }
}

/** GitHub has a workflow run for it that has not ended: it waits for a runner, and another one would wait behind it. */
async function isComing(room: SweepRoom, run: RunRecord): Promise<boolean> {
  if (run.dispatched?.tries === 0) return false;
  const found = await findStarted(room, run);
  if (found !== undefined && found.id !== run.workflowRun?.id) await noteStarted(room, run, found);
  if (found !== undefined) return found.status !== 'completed';
  return run.workflowRun !== undefined && !(await room.hasEnded(run));
}

async function giveUpRun(room: SweepRoom, run: RunRecord, why: string): Promise<'ended'> {
  await endDispatched(endingBooks(room), run, {
    reason: `It was not started: ${why}.`,
    next: '`/agent retry` starts a new run; the Actions page of the repository shows what became of the workflow.',
  });
  return 'ended';
}

function endingBooks(room: SweepRoom) {
  return { ...room, forgeOf: (place: Parameters<SweepRoom['connect']>[0]) => room.connect(place).forge };
}
