import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTrajectory } from '../../src/adapters/filesystem/trajectory-reader.ts';
import { descendantsOf, processesAround } from './process-tree.ts';
import { openStage, type Stage } from './stage.ts';
import { writeSteadyScript } from './steady-script.ts';

/** Whom a kill hits: the process with the key, the agent's own, or the ones before and after them. */
export const victims = {
  worker: { step: 'Work on the issue', command: /actions\/agent\/dist\/index\.js worker$/ },
  agent: { step: 'Work on the issue', command: /actions\/agent\/dist\/index\.js$/ },
  publish: { step: 'Publish', command: /actions\/publish\/dist\/index\.js$/ },
  gate: { step: 'Admit the event', command: /actions\/gate\/dist\/index\.js$/ },
} as const;
export type Victim = keyof typeof victims;

export interface Kill {
  readonly victim: Victim;
  /** Milliseconds after its step began. */
  readonly afterMs: number;
}

export interface KilledRun extends Kill {
  /** False when the step was over before the moment came: nothing was killed. */
  readonly killed: boolean;
  /** How long the step of the victim took, in milliseconds. */
  readonly stepMs: number;
  /** Complete events that can be read afterwards, and those that a watcher had seen before the kill. */
  readonly events: number;
  readonly eventsSeen: number;
  readonly readable: boolean;
  readonly comment: 'closed by the run' | 'closed by the next run' | 'never closed' | 'never written';
  readonly claimAfterKill: string;
  readonly pullRequestsAfterKill: number;
  /** Outcome of the run that came after. */
  readonly retry: string;
  readonly claimInTheEnd: string;
  readonly pullRequests: number;
  readonly leftRunning: readonly string[];
}

/** One life of an issue in which a process is killed with SIGKILL, and `/agent retry` after it. */
export async function runAndKill({ victim, afterMs }: Kill): Promise<KilledRun> {
  await using stage = await openStage();
  const inputs = { model: `scripted:${writeSteadyScript(stage.root)}` };
  const issue = await stage.openIssue();
  const { step, command } = victims[victim];
  const over = new AbortController();
  let killing: Promise<boolean> = Promise.resolve(false);
  let isKilled = false;
  let eventsSeen = 0;
  let stepMs = 0;
  const first = await stage.run({
    payload: await stage.comment(issue, '/agent fix'),
    issue,
    inputs,
    onEvent: (event) => {
      if (event.type === 'step' && !isKilled) eventsSeen = event.event.seq + 1;
    },
    onRunnerEvent: (event) => {
      if (!('step' in event) || event.step !== step) return;
      if (event.type === 'step.started') killing = killLater(command, afterMs, over.signal);
      if (event.type !== 'step.finished') return;
      stepMs = event.durationMs;
      isKilled = true;
      over.abort();
    },
  });
  const killed = await killing;
  const events = await readableEvents(first.trajectory);
  const leftRunning = processesAround(path.join(stage.root, 'run-1')).map((found) => found.command);
  const commentAfterKill = await stage.tracking(issue);
  const claimAfterKill = await claimOf(stage, issue);
  const pullRequestsAfterKill = (await stage.pulls()).length;

  const second = await stage.run({ payload: await stage.comment(issue, '/agent retry'), issue, inputs });
  const publish = second.report.jobs.find(({ id }) => id.endsWith('publish'));
  const stillOpen = (await stage.trackings(issue)).some(isWorking);
  return {
    victim,
    afterMs,
    killed,
    stepMs,
    events,
    eventsSeen,
    readable: events >= eventsSeen,
    comment: stillOpen ? 'never closed' : endOf(commentAfterKill),
    claimAfterKill,
    pullRequestsAfterKill,
    retry: publish?.outputs['outcome'] ?? second.report.conclusion,
    claimInTheEnd: await claimOf(stage, issue),
    pullRequests: (await stage.pulls()).length,
    leftRunning,
  };
}

function endOf(comment: string): KilledRun['comment'] {
  if (comment === '') return 'never written';
  return isWorking(comment) ? 'closed by the next run' : 'closed by the run';
}

function isWorking(comment: string): boolean {
  return comment.includes('is working on this');
}

async function claimOf(stage: Stage, issue: number): Promise<string> {
  const claim = await stage.claim(issue);
  return claim === undefined ? 'none' : `${claim.state}, fence ${claim.fence}`;
}

/** 0 for a run that was killed before it wrote anything. A file that is there must be readable, or this throws. */
async function readableEvents(file: string | undefined): Promise<number> {
  if (file === undefined || !existsSync(file)) return 0;
  return (await readTrajectory(file)).events.length;
}

/** Waits for the moment, then for the process if it is not there yet. False when the step was over first. */
async function killLater(command: RegExp, afterMs: number, over: AbortSignal): Promise<boolean> {
  const wait = (ms: number) => sleep(ms, undefined, { signal: over }).catch(() => undefined);
  await wait(afterMs);
  while (!over.aborted) {
    const found = descendantsOf(process.pid).find((candidate) => command.test(candidate.command));
    if (found !== undefined && kill(found.pid)) return true;
    await wait(2);
  }
  return false;
}

/** False when the process has ended between the look and the kill. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
