import type { Meter } from '../agent/meter.ts';
import { contentBytes } from '../domain/patch-check.ts';
import type { NewTestFile } from '../domain/test-changes/new-tests.ts';
import type { TestRun } from '../domain/test-run.ts';
import type { ProofRooms } from '../ports/proof-rooms.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import type { Workspace } from '../ports/workspace.ts';
import { runTests } from './run-tests.ts';

/** The commit that a pull request is measured against, as files that no agent can write to. */
export interface BaseCopy {
  readonly files: Workspace | Promise<Workspace>;
  readonly rooms: ProofRooms;
}

export interface MeasureRequest {
  readonly side: 'base' | 'head';
  readonly rooms: ProofRooms;
  readonly command: string;
  /** Laid over the side; none for the repository's own tests. */
  readonly tests: readonly NewTestFile[];
  readonly recorder: TrajectoryRecorder;
  readonly meter: Meter;
}

export type Measured =
  | { readonly kind: 'ran'; readonly run: TestRun }
  /** It was ended with the run's own time, which says nothing about it. */
  | { readonly kind: 'out-of-time' }
  /** A test has no place there. */
  | { readonly kind: 'not-laid'; readonly why: string };

/** Runs a command over one side of a pull request as it was at the start, in a room that the tester was never in. */
export async function measure(request: MeasureRequest, signal: AbortSignal): Promise<Measured> {
  const { side, rooms, command, tests, recorder, meter } = request;
  await using room = await rooms.openFresh(signal, 'start');
  for (const test of tests) {
    const why = await layDown(room.sandbox, test, signal);
    if (why !== undefined) return { kind: 'not-laid', why };
  }
  const run = await runTests({ command, sandbox: room.sandbox, remainingMs: meter.remainingMs() }, signal);
  recorder.record({ type: 'tests.finished', phase: side === 'base' ? 'before' : 'after', room: 'fresh', run });
  return run.timedOut && meter.remainingMs() === 0 ? { kind: 'out-of-time' } : { kind: 'ran', run };
}

const writeMs = 30_000;
const write = 'mkdir -p -- "$(dirname -- "./$1")" && cat > "./$1" && chmod "$2" -- "./$1"';

/** In the sandbox, so that no link of the repository leads out of it. What went wrong, or undefined. */
async function layDown(
  sandbox: Sandbox,
  { path, mode, encoding, content }: NewTestFile,
  signal: AbortSignal,
): Promise<string | undefined> {
  const exit = await sandbox.run(
    {
      argv: ['/bin/sh', '-c', write, 'sh', path, mode === '100755' ? '755' : '644'],
      stdin: contentBytes({ encoding, content }) ?? new Uint8Array(),
      timeoutMs: writeMs,
      maxOutputBytes: 4_096,
    },
    signal,
  );
  if (exit.exitCode === 0) return undefined;
  const said = new TextDecoder().decode(exit.stderr.head).trim().slice(0, 300);
  return `the test file ${JSON.stringify(path.slice(0, 200))} could not be laid over the repository: ${said}`;
}
