import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { defaultStaleAfterMs } from '../../../src/domain/query/context.ts';
import { readyOnes } from '../../../src/domain/query/ready-ones.ts';
import { everything } from '../../../src/domain/query/syntax.ts';
import type { TaskStore } from '../../../src/ports/task-store.ts';
import type { Draw } from '../../fakes/seeded-numbers.ts';

export interface Seat {
  readonly tasks: Pick<TaskStore, 'search'>;
  readonly draw: Draw;
  /** Program and arguments before `run`. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly scriptOf: (issue: number) => string;
  /** Issues that nobody needs to look at any more. */
  readonly isOver: () => boolean;
  readonly onRun: (run: SeatRun) => void;
}

export interface SeatRun {
  readonly issue: number;
  /** `lost`: another agent had the issue already; the loser did nothing and looks for another one. */
  readonly end: 'succeeded' | 'lost' | 'failed';
  readonly seconds: number;
  readonly why: string;
}

/** An agent's day: choose one of the issues that are ready, run on it as a process of its own, choose the next. */
export async function takeSeat(seat: Seat): Promise<void> {
  while (!seat.isOver()) {
    const issue = await chooseReady(seat);
    // What is under way may fail and be ready again.
    if (issue === undefined) await delay(500);
    else seat.onRun(await runOn(issue, seat));
  }
}

/** Any of them: agents that all want the most urgent one would mostly be in each other's way. */
async function chooseReady({ tasks, draw }: Seat): Promise<number | undefined> {
  const context = { now: Date.now(), staleAfterMs: defaultStaleAfterMs };
  const found = await tasks.search(readyOnes(everything), context, { offset: 0, limit: 100 });
  return found.tasks.length === 0 ? undefined : found.tasks[draw.below(found.tasks.length)]?.issue.number;
}

async function runOn(issue: number, { command, env, scriptOf }: Seat): Promise<SeatRun> {
  const [program, ...before] = command;
  const args = [
    'run',
    '--github',
    'octo/slug',
    '--issue',
    String(issue),
    '--model',
    `scripted:${scriptOf(issue)}`,
    '--json',
  ];
  const started = performance.now();
  const child = spawn(program, [...before, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const { outcome, reason, error } = JSON.parse(stdout || '{}') as {
    outcome?: string;
    reason?: string;
    error?: { code: string; message: string };
  };
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  if (code === 0 && outcome === 'succeeded') return { issue, end: 'succeeded', seconds, why: '' };
  const why = error === undefined ? `${code}: ${outcome} ${reason}` : `${error.code}: ${error.message}`;
  return { issue, end: error?.code === 'E700' ? 'lost' : 'failed', seconds, why };
}
