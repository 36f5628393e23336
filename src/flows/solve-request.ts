import type { LoopEnd } from '../agent/loop-end.ts';
import type { Meter } from '../agent/meter.ts';
import type { RememberingRecorder } from '../agent/remembering-recorder.ts';
import type { PassedOverRung } from '../domain/passed-over.ts';
import type { PullChange } from '../domain/pull-change.ts';
import type { Task } from '../domain/task.ts';
import type { TestRun } from '../domain/test-run.ts';
import type { Clock } from '../ports/clock.ts';
import type { Model } from '../ports/model.ts';
import type { ProofRooms } from '../ports/proof-rooms.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { Evidence } from './judge-submission.ts';
import type { BaseCopy } from './measure-verification.ts';

export interface SolveRequest {
  readonly task: Task;
  readonly model: Model;
  /** Open, and its canary was contained; or a promise of that, meanwhile the model is asked. */
  readonly sandbox: Sandbox | Promise<Sandbox>;
  /** Stronger rungs that the machine could not have; a promise as long as the sandbox is one, and never rejected. */
  readonly passedOver?: readonly PassedOverRung[] | Promise<readonly PassedOverRung[]>;
  /** For the tests that speak for a submission; when absent, they run where the agent worked, and that is told. */
  readonly rooms?: ProofRooms;
  /** Or a promise of it, which is not waited for before the model is asked unless tests come first. */
  readonly workspace: Workspace | Promise<Workspace>;
  /** What a pull request is measured against; for work of the kinds review and verification. */
  readonly base?: BaseCopy;
  /** Computes what the pull request changes; called once, before the model is asked. */
  readonly readChange?: (signal: AbortSignal) => Promise<PullChange>;
  readonly recorder: TrajectoryRecorder;
  readonly clock: Clock;
  /** Of this program. */
  readonly version: string;
}

/** What a run has found out so far; whatever ends it, this is what its result is made of. */
export interface Found {
  testsBefore: TestRun | undefined;
  /** What the pull request changes. */
  change: PullChange | undefined;
  evidence: Evidence;
  /** Whether the workspace knows where the agent's own work begins. */
  marked: boolean;
  readonly durations: Record<string, number>;
}

export interface Run {
  readonly request: SolveRequest & { readonly recorder: RememberingRecorder };
  readonly meter: Meter;
  readonly findings: Found;
}

export interface EndedRun {
  readonly run: Run;
  readonly end: LoopEnd;
}

/** Adds the time of a phase to the result's table, also when it ends in a fault. */
export async function timed<T>(
  { request, findings }: Pick<Run, 'request' | 'findings'>,
  phase: 'baseline' | 'agent' | 'verify' | 'collect',
  work: () => Promise<T>,
): Promise<T> {
  const started = request.clock.monotonic();
  try {
    return await work();
  } finally {
    const ms = Math.round(request.clock.monotonic() - started);
    findings.durations[phase] = (findings.durations[phase] ?? 0) + ms;
  }
}
