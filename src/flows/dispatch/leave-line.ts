import type { ClaimKey } from '../../domain/claim.ts';
import { claimPlace } from '../../domain/claim-place.ts';
import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import { leftLineText } from '../../domain/dispatch/waiting-text.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { defaultSettings } from '../../domain/settings.ts';
import type { DispatchRoom } from './dispatch-room.ts';
import { tellPlace, tellWaitOver } from './tell-waiting.ts';

export type LineRoom = Pick<DispatchRoom, 'waiting' | 'connect' | 'log'>;

/** How many of a line are told their new number: who stands further behind is told when it comes nearer. */
const toldPlaces = 20;

/** Takes a task out of the line that it stands in, and says why. False: it stood in none. */
export async function leaveLine(room: LineRoom, key: ClaimKey, reason: string): Promise<boolean> {
  const task = await room.waiting.read(key);
  if (task === undefined) return false;
  const text = leftLineText(reason, defaultSettings.triggerPhrase);
  // Said before it is done: who dies in between is followed by somebody who still finds it in line.
  await quietly(room, key, async (forge, issue) => tellWaitOver(forge, { issue, text }));
  if (!(await room.waiting.leave(key))) return false;
  await tellLine(room, task.line);
  return true;
}

/** Everybody in the line hears the number that they have now, but the first `before`, which is as it was for them. */
export async function tellLine(room: LineRoom, line: BudgetKey, before = 0): Promise<void> {
  if (before >= toldPlaces) return;
  for (const [at, task] of (await room.waiting.line(line, toldPlaces)).entries()) {
    if (at < before) continue;
    await quietly(room, task.key, async (forge, issue) => {
      await tellPlace(forge, issue, at + 1);
    });
  }
}

/** A number that is told late is put right with the next change; it must not hold up the line. */
export async function quietly(
  room: LineRoom,
  key: ClaimKey,
  tell: (forge: ReturnType<DispatchRoom['connect']>['forge'], issue: number) => Promise<void>,
): Promise<void> {
  const place = claimPlace(key);
  if (place === undefined) return;
  try {
    await tell(room.connect(place.repository).forge, place.number);
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    room.log(`the place in line is not told on ${key}: ${describeError(error)}`);
  }
}
