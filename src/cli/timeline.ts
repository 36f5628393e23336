import type { LifeEvent } from '../domain/life-event.ts';
import type { Channel } from './cli-io.ts';
import type { Paint } from './paint.ts';
import { terminalLine } from './terminal-text.ts';
import { layOut } from './timeline-layout.ts';
import { changeOf, type Row } from './timeline-rows.ts';

/** Draws the life of an issue as it happens. `close` leaves everything that is done on the screen and nothing else. */
export interface Timeline extends Disposable {
  show(event: LifeEvent): void;
}

export interface TimelineOptions {
  readonly channel: Channel;
  readonly paint: Paint;
  /** `moving`: lines change in place (a terminal). `plain`: one line per finished thing (CI, a pipe, a file). */
  readonly mode: 'moving' | 'plain';
  readonly columns: number | undefined;
  readonly verbose: boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export function createTimeline(options: TimelineOptions): Timeline {
  return options.mode === 'moving' ? movingTimeline(options) : plainTimeline(options);
}

function width({ columns, channel }: TimelineOptions): number {
  return columns ?? channel.columns ?? 80;
}

function plainTimeline(options: TimelineOptions): Timeline {
  const { channel, paint, verbose } = options;
  const line = (row: Row): void => void channel.write(`${layOut(row, { columns: width(options), paint })}\n`);
  return {
    show: (event) => {
      const change = changeOf(event);
      const isLong = change.kind === 'open' && change.head.kind === 'phase' && longPhases.has(change.head.phase);
      if (change.kind === 'open' && isLong) line(change.head);
      if (change.kind === 'close') line(change.head);
      if (change.kind === 'done' && hasText(change.row)) line(change.row);
      if (change.kind === 'log' && verbose) channel.write(`${paint.faint(logLine(change, width(options)))}\n`);
    },
    [Symbol.dispose]: () => undefined,
  };
}

/** Phases long enough that a log must say that they have begun. */
const longPhases: ReadonlySet<string> = new Set(['setup', 'agent', 'publish']);

interface Working {
  readonly row: Row;
  readonly since: number;
}

/**
 * Finished phases are written once and scroll away. Below them one living block is redrawn in place: the head of the
 * current phase with its clock, its latest steps, and what is going on now. It never grows higher than the screen, for
 * a cursor cannot go up beyond the first line.
 */
function movingTimeline(options: TimelineOptions): Timeline {
  const { channel, paint, verbose, now } = options;
  const working = new Map<string, Working>();
  let head: Working | undefined;
  let steps: Row[] = [];
  let drawn = 0;

  // Line by line: clearing a whole screen at once makes tmux keep a copy of it in its history.
  const erase = (): string => '\u001b[1A\u001b[2K'.repeat(drawn);
  const line = (row: Row, since?: number): string =>
    layOut(row, { columns: width(options), paint, elapsedMs: since === undefined ? undefined : now() - since });

  const livingBlock = (): string[] => {
    const current = [...working.values()].map(({ row, since }) => line(row, since));
    const room = Math.max(1, (channel.rows ?? 24) - 3 - current.length);
    const hidden = steps.length > room ? steps.length - room + 1 : 0;
    const earlier = hidden === 0 ? [] : [paint.faint(`       … ${hidden} earlier steps`)];
    const shown = steps.slice(hidden).map((row) => line(row));
    return [...(head === undefined ? [] : [line(head.row, head.since)]), ...earlier, ...shown, ...current];
  };
  const draw = (permanent: string): void => {
    const block = livingBlock();
    // One write, so that nothing flickers; ?2026 lets terminals that know it show it at once.
    const body = block.map((text) => `${text}\n`).join('');
    channel.write(`\u001b[?2026h${erase()}${permanent}${body}\u001b[?2026l`);
    drawn = block.length;
  };
  const timer = setInterval(() => {
    if (head !== undefined) draw('');
  }, 100);
  timer.unref();

  return {
    show: (event) => {
      const change = changeOf(event);
      switch (change.kind) {
        case 'open':
          head = { row: change.head, since: now() };
          return draw('');
        case 'close': {
          const block = [change.head, ...steps].map((row) => `${line(row)}\n`).join('');
          head = undefined;
          steps = [];
          working.clear();
          return draw(block);
        }
        case 'working':
          working.set(change.key, { row: change.row, since: now() });
          return draw('');
        case 'done':
          if (change.key !== undefined) working.delete(change.key);
          if (hasText(change.row)) steps.push(change.row);
          return draw('');
        case 'log':
          return verbose ? draw(`${paint.faint(logLine(change, width(options)))}\n`) : undefined;
        case 'nothing':
          return undefined;
        default:
          return change satisfies never;
      }
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      // What had not ended is left as it stood, so that a cancelled run shows how far it came.
      const rest = [...(head === undefined ? [] : [head.row]), ...steps].map((row) => `${line(row)}\n`).join('');
      if (drawn > 0) channel.write(`${erase()}${rest}`);
      head = undefined;
      drawn = 0;
    },
  };
}

function hasText(row: Row): boolean {
  return row.kind === 'phase' || row.label !== '';
}

function logLine({ job, line }: { readonly job: string; readonly line: string }, columns: number): string {
  return `  ${terminalLine(job, 10)} | ${terminalLine(line, Math.max(20, columns - 16))}`;
}
