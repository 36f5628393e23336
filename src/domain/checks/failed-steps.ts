import { isExit } from './failure-signs.ts';
import type { JobLogLine } from './job-log-lines.ts';

/** Lines `from` up to and without `to`. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

/** When a step was at work, milliseconds since 1970; GitHub tells whole seconds. */
export interface StepTime {
  readonly startedAt: number | undefined;
  readonly completedAt: number | undefined;
}

/**
 * The steps that failed, as lines of the log, each up to the exit code that ended it. By their times where these are told;
 * otherwise it is the last step that ended with an exit code, for those before it did not stop the job. The whole log where none
 * is marked.
 */
export function failedSteps(lines: readonly JobLogLine[], times: readonly StepTime[]): readonly Lines[] {
  const timed = times.flatMap((time) => linesAt(lines, time) ?? []);
  if (timed.length > 0) return timed;
  const exit = lines.findLastIndex(isExit);
  return [exit === -1 ? { from: 0, to: lines.length } : upTo(lines, exit)];
}

/** Up to the last exit code of that time: a step has one, and the step before it may have ended within the same second. */
function linesAt(lines: readonly JobLogLine[], { startedAt, completedAt }: StepTime): Lines | undefined {
  if (startedAt === undefined || completedAt === undefined) return undefined;
  const isThen = ({ at }: JobLogLine): boolean => {
    const time = Date.parse(at);
    return time >= startedAt && time < completedAt + 1_000;
  };
  const exit = lines.findLastIndex((line) => isExit(line) && isThen(line));
  if (exit !== -1) return upTo(lines, exit);
  const from = lines.findIndex(isThen);
  return from === -1 ? undefined : { from, to: lines.findLastIndex(isThen) + 1 };
}

function upTo(lines: readonly JobLogLine[], exit: number): Lines {
  const isStart = ({ mark, text }: JobLogLine): boolean => mark === 'group' && text.startsWith('Run ');
  const from = lines.findLastIndex((line, at) => at < exit && isStart(line));
  return { from: Math.max(0, from), to: exit + 1 };
}
