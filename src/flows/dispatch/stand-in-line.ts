import type { ClaimKey } from '../../domain/claim.ts';
import { scopeOf } from '../../domain/coordination/budget-decisions.ts';
import { utcDay } from '../../domain/coordination/budget-draws.ts';
import type { BudgetKey, Reservation } from '../../domain/coordination/budget-record.ts';
import { quotas } from '../../domain/coordination/quotas.ts';
import type { WaitingTask } from '../../domain/dispatch/waiting-task.ts';
import { lineFullText, waitingText } from '../../domain/dispatch/waiting-text.ts';
import { isDaily } from '../../domain/dispatch/worth-waiting.ts';
import type { Admission, Gate, ReadyWork } from '../gate.ts';
import { refuse } from '../refuse.ts';
import { nextOf } from './next-in-line.ts';
import { capOf, tellAskedAgain, tellWaiting } from './tell-waiting.ts';
import type { WaitingRoom } from './waiting-room.ts';

const dayMs = 24 * 60 * 60_000;

/**
 * Whoever came earlier and draws from the same budget goes first, also when there is room just now: it is theirs, and they
 * are being woken. Not those who rest until tomorrow. The line that this request has to stand in; undefined: it may try. A lease of its own, or anybody's claim,
 * is looked at by the claim store.
 */
export async function inLineBefore(
  { claims, clock }: Pick<Gate, 'claims' | 'clock'>,
  { list, budgets }: WaitingRoom,
  asked: { readonly key: ClaimKey; readonly leaseId: string; readonly reserve: Reservation },
): Promise<Pick<WaitingTask, 'line' | 'limit' | 'needs'> | undefined> {
  const now = clock.now();
  const lines = asked.reserve.draws.flatMap(({ key }) => linesOf(key, now));
  const firsts = await Promise.all(lines.map((line) => nextOf({ waiting: list, budgets }, line, now)));
  const ahead = firsts.find((first) => first !== undefined && first.key !== asked.key);
  if (ahead === undefined) return undefined;
  // First in one line and behind others in another one: two that wait for each other would wait for ever.
  const mine = await list.read(asked.key);
  const isFirst = mine !== undefined && firsts.some((first) => first?.key === asked.key);
  if (isFirst && mine.since <= ahead.since) return undefined;
  const record = await claims.read(asked.key);
  if (record?.state === 'held') return undefined;
  const { line, limit } = ahead;
  return { line, limit, needs: limit === 'runs' ? 1 : asked.reserve.amounts[limit] };
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

/** Joins the line (or keeps its place) and says so on the issue. A line that is too long is not joined, and that is said. */
export async function standInLine(
  gate: Gate,
  room: WaitingRoom,
  standing: {
    readonly work: ReadyWork;
    readonly key: ClaimKey;
    readonly runId: string;
    readonly line: BudgetKey;
    readonly limit: WaitingTask['limit'];
    readonly needs?: number;
  },
): Promise<Admission> {
  const { work, key, runId, line, limit, needs } = standing;
  const { list, asked } = room;
  const phrase = work.request.settings.triggerPhrase;
  const before = await list.read(key);
  const since = before?.since ?? asked.receivedAt;
  const { ahead } = await list.join({ key, line, limit, ...(needs !== undefined && { needs }), since, asked });
  const place = { line, limit, cap: await capOf(room.budgets, line, limit), number: ahead + 1 };
  if (before === undefined && (await isTooLong(list, { key, line, ahead }))) {
    await list.leave(key);
    return refuse(gate, work.request, { reason: 'budget', text: lineFullText(line, phrase) });
  }
  const text = waitingText(place, phrase);
  const about = { issue: work.place.number, runId, known: work.place.comments };
  await tellWaiting(gate.forge, { ...about, text });
  if (before !== undefined) await tellAskedAgain(gate.forge, about);
  return { kind: 'waiting', line, ahead, text };
}
