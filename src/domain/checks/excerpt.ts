import { stripInvisible } from '../visible-text.ts';
import { failedSteps, type Lines, type StepTime } from './failed-steps.ts';
import { type FailureSign, failureSign, isExit, passes } from './failure-signs.ts';
import { type JobLogLine, jobLogLines } from './job-log-lines.ts';

/** What of a log a model is shown of one check. */
export const maxExcerpt = 6_000;

/** Lines `from` up to and without `to`. */
interface Segment extends Lines {
  readonly weight: number;
}

/** The same complaint, numbers aside, is new for so many times. */
const maxAlike = 3;
/** Without any sign: the end of the step that failed. */
const plainLines = 60;

/**
 * The part of a job's log that tells why it failed: what test runners, compilers and linters say of failures, in the step that
 * failed, in the log's order, with `[… n lines]` for what is left out. Never longer than `limit` characters; linear in the log.
 * `failed`: when the steps were at work that made the job fail, where that is known. Nothing is taken out for being secret: that
 * is for the caller.
 */
export function excerptOf(log: string, limit: number = maxExcerpt, failed: readonly StepTime[] = []): string {
  const lines = jobLogLines(log);
  const steps = failedSteps(lines, failed);
  const segments = segmentsOf(lines, steps);
  const best = segments.reduce((most, { weight }) => Math.max(most, weight), 0);
  const plain = steps.map(({ from, to }) => ({ from: Math.max(from, to - plainLines), to, weight: 3 }));
  // Beside the failure itself a line that only has a bad word in it is noise.
  const telling = best >= 8 ? segments.filter(({ weight }) => weight > 2) : segments;
  const ranked = [...telling, ...(best >= 4 ? [] : plain)].sort((a, b) => b.weight - a.weight || a.from - b.from);
  return write(lines, chooseLines(lines, { ranked, steps }, limit), limit);
}

/** Signs with what is around them; what overlaps is one segment, as weighty as its weightiest. */
function segmentsOf(lines: readonly JobLogLine[], steps: readonly Lines[]): Segment[] {
  const segments: Segment[] = [];
  const alike = new Map<string, number>();
  let head = 0;
  for (const [at, line] of lines.entries()) {
    const { text } = line;
    const found = failureSign(line);
    if (isExit(line)) continue;
    const within = steps.some(({ from, to }) => at >= from && at < to);
    const weight = found === undefined ? 0 : found.weight - (within ? 0 : 5) - (seen(alike, text) > maxAlike ? 4 : 0);
    if (found !== undefined && weight > 0) {
      add(segments, { ...around(lines, at, found), weight });
      if (found.headed === true && at - head < 60) add(segments, { from: head, to: head + 1, weight });
    }
    if (text !== '' && !text.startsWith(' ')) head = at;
  }
  return segments;
}

/** Two empty lines in a row, a test that passes, the end of the step or the next one end what belongs to a sign. */
function around(lines: readonly JobLogLine[], at: number, { before, after }: FailureSign): Omit<Segment, 'weight'> {
  let to = at + 1;
  const last = Math.min(lines.length, at + 1 + after);
  while (to < last && !endsAt(lines, to)) to += 1;
  while (to > at + 1 && lines[to - 1]?.text === '') to -= 1;
  return { from: Math.max(0, at - before), to };
}

function endsAt(lines: readonly JobLogLine[], at: number): boolean {
  const before = lines[at - 1];
  const line = lines[at];
  const isNextStep = line?.mark === 'group' || (before !== undefined && isExit(before));
  return isNextStep || passes(line?.text ?? '') || (line?.text === '' && lines[at + 1]?.text === '');
}

/**
 * Another sign of the same weight begins a segment of its own, so that each of them can be chosen; a weaker one within a stronger
 * one's reach is a part of it.
 */
function add(segments: Segment[], next: Segment): void {
  const last = segments.at(-1);
  const isPart = last !== undefined && next.from >= last.from && next.to <= last.to && next.weight <= last.weight;
  if (!isPart) segments.push(next);
}

function seen(alike: Map<string, number>, text: string): number {
  const key = text.replace(/\d+/g, '0').slice(0, 120);
  const times = (alike.get(key) ?? 0) + 1;
  alike.set(key, times);
  return times;
}

/** The weightiest first, each as far as there is room; a place that is taken already costs nothing. */
function chooseLines(
  lines: readonly JobLogLine[],
  { ranked, steps }: { readonly ranked: readonly Segment[]; readonly steps: readonly Lines[] },
  limit: number,
): ReadonlySet<number> {
  const chosen = new Set<number>();
  // Each run of lines may need a note of what was left out before it.
  const note = 24;
  let room = limit - note;
  for (const { to } of steps) {
    const last = lines[to - 1];
    if (last !== undefined && isExit(last)) room -= take(to - 1);
  }
  for (const { from, to } of ranked) {
    if (room <= note) break;
    room -= note;
    for (let at = from; at < to && room > 0; at += 1) room -= take(at);
  }
  return chosen;

  function take(at: number): number {
    const cost = chosen.has(at) ? 0 : (lines[at]?.text.length ?? 0) + 1;
    if (cost <= room) chosen.add(at);
    return cost;
  }
}

function write(lines: readonly JobLogLine[], chosen: ReadonlySet<number>, limit: number): string {
  const written: string[] = [];
  let omitted = 0;
  const tellOmitted = (): void => {
    if (omitted > 0) written.push(`[… ${omitted} ${omitted === 1 ? 'line' : 'lines'}]`);
    omitted = 0;
  };
  for (const [at, { text }] of lines.entries()) {
    if (!chosen.has(at)) {
      omitted += 1;
      continue;
    }
    tellOmitted();
    written.push(stripInvisible(text));
  }
  tellOmitted();
  return written.join('\n').slice(0, Math.max(0, limit));
}
