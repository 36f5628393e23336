import type { ClaimRecord } from '../../domain/claim.ts';
import { utcDay } from '../../domain/coordination/budget-draws.ts';
import type { BudgetKey, BudgetRecord } from '../../domain/coordination/budget-record.ts';
import type { TaskView } from '../../domain/coordination/task-record.ts';
import { byRank } from '../../domain/dispatch/line-order.ts';
import { shortageIn, type WaitingTask } from '../../domain/dispatch/waiting-task.ts';
import { nextInLine } from '../../domain/dispatch/waiting-turn.ts';
import { isDaily } from '../../domain/dispatch/worth-waiting.ts';
import { leaveLine, tellLine } from '../dispatch/leave-line.ts';
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
  const wake = async (task: WaitingTask): Promise<void> => {
    await sendWake(room.queue, task, `wake/${task.key}/${Math.floor(room.clock.now() / minuteMs)}`);
    counts.woken += 1;
  };
  for await (const task of room.waiting.all()) {
    if (isTimeUp() || counts.waiting >= maxWaiting) break;
    const [claim, stored] = await Promise.all([room.claims.read(task.key), room.tasks.read(task.key)]);
    const reason = whyLeave(claim, stored);
    if (reason !== undefined && (await leaveLine(room, task.key, reason))) {
      counts.left += 1;
      continue;
    }
    counts.waiting += 1;
    const placed = await withPriority(room, task, stored);
    if (shortageIn(task.limit) !== undefined) lines.set(task.line, [...(lines.get(task.line) ?? []), placed]);
    else if (await othersAreOver(room, task, stored)) await wake(task);
  }
  const now = room.clock.now();
  for (const [line, tasks] of lines) {
    if (isTimeUp()) break;
    const book = await room.budgets.read(line);
    const first = nextInLine([...tasks].sort(byRank), book, now);
    if (first !== undefined && mayHaveRoom(book, first, now)) await wake(first);
  }
  return counts;
}

function whyLeave(claim: ClaimRecord | undefined, task: TaskView | undefined): string | undefined {
  if (task?.issue.forgeState === 'closed') return 'the issue was closed';
  if (claim?.state === 'held' && claim.holder.kind === 'human') return 'a person has taken the issue';
  return undefined;
}

/**
 * Somebody has said since how urgent it is: its place follows. Should it leave the line at this very moment it stands there again,
 * and leaves when it is woken, for it has begun.
 */
async function withPriority(room: SweepRoom, task: WaitingTask, stored: TaskView | undefined): Promise<WaitingTask> {
  if (stored === undefined || task.priority === undefined || task.priority === stored.priority) return task;
  const { task: moved } = await room.waiting.join({ ...task, priority: stored.priority });
  await tellLine(room, task.line);
  return moved;
}

/** What blocked it is closed, or blocks it no longer; those at its files have ended. */
async function othersAreOver(
  { claims }: SweepRoom,
  { limit, behind = [] }: WaitingTask,
  task: TaskView | undefined,
): Promise<boolean> {
  if (limit === 'blockers') return task === undefined || task.openBlockers === 0;
  const records = await Promise.all(behind.map((key) => claims.read(key)));
  return records.every((record) => record?.state !== 'held');
}

function mayHaveRoom(book: BudgetRecord | undefined, { line, limit, since }: WaitingTask, now: number): boolean {
  const shortage = shortageIn(limit);
  const isOver = isDaily(line) && !line.endsWith(utcDay(now));
  if (isOver) return true;
  if (book === undefined || shortage === undefined) return true;
  if (shortage === 'runs') return book.caps.runs === undefined || book.runs < book.caps.runs;
  const cap = book.caps[shortage];
  const isFull = cap !== undefined && book.spent[shortage] + book.reserved[shortage] >= cap;
  // Each line has its own minute of the five.
  return !isFull && Math.floor((now - since) / minuteMs) % (tryEveryMs / minuteMs) === 0;
}
