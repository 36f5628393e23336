import { utcDay } from '../../domain/coordination/budget-draws.ts';
import type { BudgetKey, BudgetRecord } from '../../domain/coordination/budget-record.ts';
import type { WaitingTask } from '../../domain/dispatch/waiting-task.ts';
import { nextInLine } from '../../domain/dispatch/waiting-turn.ts';
import { isDaily } from '../../domain/dispatch/worth-waiting.ts';
import { leaveLine } from '../dispatch/leave-line.ts';
import { sendWake } from '../send-wake.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';

export interface SweptLines {
  readonly waiting: number;
  readonly woken: number;
  readonly left: number;
}

const maxWaiting = 1_000;
/** Where nobody can tell from outside whether there is room for a run, the first in line tries so often. */
const tryEveryMs = 5 * 60_000;
const minuteMs = 60_000;

/**
 * Lines are woken by whatever makes room; this is for wakes that were lost, for the new day of a daily budget, and for those who
 * wait for nothing any more: an issue that was closed, or that somebody took by hand.
 */
export async function sweepLines(room: SweepRoom, { isTimeUp }: SweepBounds): Promise<SweptLines> {
  const lines = new Map<BudgetKey, WaitingTask[]>();
  const counts = { waiting: 0, woken: 0, left: 0 };
  for await (const task of room.waiting.all()) {
    if (isTimeUp() || counts.waiting >= maxWaiting) break;
    const reason = await whyLeave(room, task);
    if (reason !== undefined && (await leaveLine(room, task.key, reason))) {
      counts.left += 1;
      continue;
    }
    counts.waiting += 1;
    lines.set(task.line, [...(lines.get(task.line) ?? []), task]);
  }
  const now = room.clock.now();
  for (const [line, tasks] of lines) {
    if (isTimeUp()) break;
    const book = await room.budgets.read(line);
    const first = nextInLine(tasks, book, now);
    if (first === undefined || !mayHaveRoom(book, first, now)) continue;
    await sendWake(room.queue, first, `wake/${first.key}/${Math.floor(now / minuteMs)}`);
    counts.woken += 1;
  }
  return counts;
}

async function whyLeave({ claims, tasks }: SweepRoom, { key }: WaitingTask): Promise<string | undefined> {
  const [claim, task] = await Promise.all([claims.read(key), tasks.read(key)]);
  if (task?.issue.forgeState === 'closed') return 'the issue was closed';
  if (claim?.state === 'held' && claim.holder.kind === 'human') return 'a person has taken the issue';
  return undefined;
}

function mayHaveRoom(book: BudgetRecord | undefined, { line, limit, since }: WaitingTask, now: number): boolean {
  const isOver = isDaily(line) && !line.endsWith(utcDay(now));
  if (isOver) return true;
  if (book === undefined) return true;
  if (limit === 'runs') return book.caps.runs === undefined || book.runs < book.caps.runs;
  const cap = book.caps[limit];
  const isFull = cap !== undefined && book.spent[limit] + book.reserved[limit] >= cap;
  // Each line has its own minute of the five.
  return !isFull && Math.floor((now - since) / minuteMs) % (tryEveryMs / minuteMs) === 0;
}
