import type { ClaimKey } from '../../domain/claim.ts';
import { scopeOf } from '../../domain/coordination/budget-decisions.ts';
import { utcDay } from '../../domain/coordination/budget-draws.ts';
import type { BudgetKey, Reservation } from '../../domain/coordination/budget-record.ts';
import { quotas } from '../../domain/coordination/quotas.ts';
import { byRank } from '../../domain/dispatch/line-order.ts';
import { shortageIn, type WaitingTask } from '../../domain/dispatch/waiting-task.ts';
import { lineFullText, waitingText } from '../../domain/dispatch/waiting-text.ts';
import { isDaily } from '../../domain/dispatch/worth-waiting.ts';
import type { Admission, Gate, ReadyWork } from '../gate.ts';
import { refuse } from '../refuse.ts';
import { nextOf } from './next-in-line.ts';
import { priorityOfWork } from './priority-of-work.ts';
import { capOf, tellAskedAgain, tellWaiting } from './tell-waiting.ts';
import type { WaitingRoom } from './waiting-room.ts';

const dayMs = 24 * 60 * 60_000;

/**
 * Who goes first in a line of a budget that this request draws from goes first also when there is room just now: it is theirs, and
 * they are being woken. Not those who rest until tomorrow. The line that this request has to stand in; undefined: it may
 * try, for it is before all of them (`byRank`), so of two that wait in two lines one always may. A lease of its own, or
 * anybody's claim, is looked at by the claim store.
 */
export async function inLineBefore(
  gate: Gate,
  { list, budgets, asked: request }: WaitingRoom,
  asked: { readonly work: ReadyWork; readonly key: ClaimKey; readonly reserve: Reservation },
): Promise<Pick<WaitingTask, 'line' | 'limit' | 'needs'> | undefined> {
  const now = gate.clock.now();
  const { work, key, reserve } = asked;
  const lines = reserve.draws.flatMap((draw) => linesOf(draw.key, now));
  const firsts = await Promise.all(lines.map((line) => nextOf({ waiting: list, budgets }, line, now)));
  const others = firsts.filter((first) => first !== undefined && first.key !== key);
  if (others.length === 0) return undefined;
  const since = (await list.read(key))?.since ?? request.receivedAt;
  const mine = { key, since, priority: await priorityOfWork(gate, work) };
  const ahead = others.find((first) => first !== undefined && byRank(first, mine) < 0);
  if (ahead === undefined) return undefined;
  const record = await gate.claims.read(key);
  if (record?.state === 'held') return undefined;
  const { line, limit } = ahead;
  const shortage = shortageIn(limit);
  const needs = shortage === undefined || shortage === 'runs' ? 1 : reserve.amounts[shortage];
  return { line, limit, needs };
}

/** Those who waited for yesterday's budget still come first when the new day's begins. */
function linesOf(key: BudgetKey, now: number): readonly BudgetKey[] {
  return isDaily(key) ? [key, `${scopeOf(key)}/${utcDay(now - dayMs)}`] : [key];
}

/** The whole line is read only where so many stand that one repository could be all of them. */
async function isTooLong(
  list: WaitingRoom['list'],
  { key, line, ahead }: { readonly key: ClaimKey; readonly line: BudgetKey; readonly ahead: number },
): Promise<boolean> {
  if (ahead >= quotas.lineOfBudget) return true;
  if (ahead < quotas.lineOfRepository) return false;
  const own = repositoryPrefix(key);
  const others = (await list.line(line, quotas.lineOfBudget)).filter((task) => task.key !== key);
  return others.filter((task) => repositoryPrefix(task.key) === own).length >= quotas.lineOfRepository;
}

/** `github/octo/slug/` */
function repositoryPrefix(key: ClaimKey): string {
  return key.split('/').slice(0, 3).join('/');
}

export interface Standing {
  readonly work: ReadyWork;
  readonly key: ClaimKey;
  readonly runId: string;
  readonly line: BudgetKey;
  readonly limit: WaitingTask['limit'];
  readonly needs?: number;
  readonly behind?: readonly ClaimKey[];
  /** What is said of those who wait for other tasks; absent: the place in the line of a budget. */
  readonly told?: string;
}

/** Joins the line (or keeps its place) and says so on the issue. A line that is too long is not joined, and that is said. */
export async function standInLine(gate: Gate, room: WaitingRoom, standing: Standing): Promise<Admission> {
  const { work, key, runId, line, limit, needs, behind } = standing;
  const { list, asked } = room;
  const phrase = work.request.settings.triggerPhrase;
  const before = await list.read(key);
  const since = before?.since ?? asked.receivedAt;
  const priority = await priorityOfWork(gate, work);
  const wants = { ...(needs !== undefined && { needs }), ...(behind && { behind }) };
  const { ahead } = await list.join({ key, line, limit, ...wants, since, priority, asked });
  if (before === undefined && (await isTooLong(list, { key, line, ahead }))) {
    await list.leave(key);
    return refuse(gate, work.request, { reason: 'budget', text: lineFullText(line, phrase) });
  }
  const text = standing.told ?? (await placeText(room, standing, { ahead, priority, phrase }));
  const about = { issue: work.place.number, runId, known: work.place.comments };
  await tellWaiting(gate.forge, { ...about, text });
  if (before !== undefined) await tellAskedAgain(gate.forge, about);
  const isFirstHere = before?.line !== line || before.priority !== priority;
  if (isFirstHere && standing.told === undefined) await room.retell?.(line, ahead + 1);
  return { kind: 'waiting', line, ahead, text };
}

async function placeText(
  { budgets }: WaitingRoom,
  { line, limit }: Standing,
  { ahead, priority, phrase }: { readonly ahead: number; readonly priority: number; readonly phrase: string },
): Promise<string> {
  const shortage = shortageIn(limit) ?? 'runs';
  const cap = await capOf(budgets, line, shortage);
  return waitingText({ line, limit: shortage, cap, number: ahead + 1, priority }, phrase);
}
