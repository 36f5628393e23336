import { amountText } from '../budget-shortage-text.ts';
import { quotas } from '../coordination/quotas.ts';
import { defaultPriority } from '../coordination/task-record.ts';
import { counted } from '../counted.ts';
import { asCodeSpan } from '../outgoing-text.ts';
import { duration } from '../told-time.ts';
import type { Shortage, WaitingTask } from './waiting-task.ts';
import { isDaily } from './worth-waiting.ts';

/** The marker of the comment about waiting; its run is the one that will be started. */
export const waitingOp = 'waiting';

export interface WaitingPlace extends Pick<WaitingTask, 'line'> {
  readonly limit: Shortage;
  /** What the budget allows; undefined when nobody knows any more. */
  readonly cap: number | undefined;
  /** 1: the next. */
  readonly number: number;
  readonly priority: number;
}

/** What a person sees whose request has no room in a budget yet. */
export function waitingText({ line, limit, cap, number, priority }: WaitingPlace, phrase: string): string {
  const what = allows(limit, cap);
  const daily = isDaily(line);
  const wakes = daily ? 'when there is room, at the latest after 00:00 UTC' : 'when there is room';
  const passed = daily && limit !== 'runs' ? ' Until then others may start that still fit into today.' : '';
  const urgency = priority === defaultPriority ? '' : ` (priority ${priority})`;
  return [
    `Waits in line: ${asCodeSpan(line, 200)} allows ${what}.`,
    `Number ${number} in line${urgency}; it starts by itself ${wakes}.${passed} \`${phrase} stop\` leaves the line.`,
  ].join(' ');
}

export function startedText(waitedMs: number): string {
  return `Waited in line for ${duration(Math.max(0, waitedMs))}; started.`;
}

/** `reason` completes "Left the line: …". */
export function leftLineText(reason: string, phrase: string): string {
  return `Left the line: ${reason}. \`${phrase} fix\` asks again.`;
}

/** Nobody is kept waiting for days without a word, and no line grows without end. */
export function lineFullText(line: WaitingTask['line'], phrase: string): string {
  const waiting = `as many requests wait for ${asCodeSpan(line, 200)} as may, ${quotas.lineOfRepository} of one repository or ${quotas.lineOfBudget} in all`;
  return `Not taken into the line (E730): ${waiting}. \`${phrase} fix\` asks again when they are fewer; whoever runs the coordinator can raise the budget.`;
}

export function askedAgainText(): string {
  return 'Asked for again: the newer request keeps the place in line.';
}

export function leftByStop(phrase: string): string {
  return `Left the line: nothing will be started. \`${phrase} fix\` asks again.`;
}

function allows(limit: Shortage, cap: number | undefined): string {
  if (limit === 'runs') return cap === undefined ? 'so many runs at a time' : `${counted(cap, 'run')} at a time`;
  return cap === undefined ? 'no more for now' : `${amountText(limit, cap)}, all of it spent or reserved`;
}
