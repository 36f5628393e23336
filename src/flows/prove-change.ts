import type { Meter } from '../agent/meter.ts';
import { describeError } from '../domain/error.ts';
import type { LeftOut, TestProof } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import { nothingLeftOut, whyNeverFresh } from '../domain/test-proof.ts';
import type { TestRun } from '../domain/test-run.ts';
import { judgeTests, type TestVerdict } from '../domain/test-verdict.ts';
import type { ProofRoom, ProofRooms } from '../ports/proof-rooms.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import { runTests } from './run-tests.ts';

export interface ProveRequest {
  readonly task: Pick<Task, 'continues' | 'base' | 'branchPrefix'>;
  readonly command: string;
  readonly testsBefore: TestRun | undefined;
  /** The agent's own, for when there are no rooms. */
  readonly sandbox: Sandbox;
  readonly rooms?: ProofRooms;
  readonly recorder: TrajectoryRecorder;
  readonly meter: Meter;
}

export interface Proven {
  readonly testsAfter: TestRun;
  readonly verdict: TestVerdict;
  readonly proof: TestProof;
}

/**
 * The repository's tests on a change, first in a room where the agent never was. Only if they fail there, and something was
 * kept out of it, is the agent's own room asked: what passes there alone may be honest (a build that git ignores), and is
 * never told as proof.
 */
export async function proveChange(request: ProveRequest, signal: AbortSignal): Promise<Proven> {
  const { rooms, sandbox } = request;
  const noOther = sandbox.rung === 'none' ? 'the agent worked without a sandbox' : 'there is no other room here';
  // Without walls around the agent every room of this machine is its own.
  if (rooms === undefined || sandbox.rung === 'none') {
    return inOwn(request, { why: noOther, leftOut: nothingLeftOut }, signal);
  }
  const neverFresh = whyNeverFresh(request.task);
  if (neverFresh !== undefined) return inOwn(request, { why: neverFresh, leftOut: nothingLeftOut }, signal);
  const fresh = await inFresh(request, rooms, signal);
  if (fresh.kind === 'unavailable') return inOwn(request, { why: fresh.why, leftOut: nothingLeftOut }, signal);
  const { testsAfter, leftOut } = fresh;
  const proven: Proven = { testsAfter, verdict: judge(request, testsAfter), proof: { room: 'fresh', leftOut } };
  if (proven.verdict.kind !== 'broken' || leftOut.count === 0) return proven;
  const why = 'in a fresh place they fail';
  const own = await inOwn(request, { why, leftOut, fresh: testsAfter }, signal);
  // What fails in both places is told as the fresh one saw it: that is what everybody else will see.
  return own.verdict.kind === 'broken' ? proven : own;
}

type Fresh =
  | { readonly kind: 'tested'; readonly testsAfter: TestRun; readonly leftOut: LeftOut }
  | { readonly kind: 'unavailable'; readonly why: string };

async function inFresh(request: ProveRequest, rooms: ProofRooms, signal: AbortSignal): Promise<Fresh> {
  let room: ProofRoom;
  try {
    room = await rooms.openFresh(signal);
  } catch (error) {
    signal.throwIfAborted();
    // A full disk, say. The run goes on, and whoever reads of it learns what its tests are worth.
    return { kind: 'unavailable', why: `a fresh place could not be made (${describeError(error)})`.slice(0, 500) };
  }
  await using open = room;
  const testsAfter = await test({ ...request, sandbox: open.sandbox, room: 'fresh' }, signal);
  return { kind: 'tested', testsAfter, leftOut: open.leftOut };
}

interface Because {
  readonly why: string;
  readonly leftOut: LeftOut;
  readonly fresh?: TestRun;
}

async function inOwn(request: ProveRequest, because: Because, signal: AbortSignal): Promise<Proven> {
  await using room = await request.rooms?.openOwn(signal);
  const testsAfter = await test({ ...request, sandbox: room?.sandbox ?? request.sandbox, room: 'own' }, signal);
  return { testsAfter, verdict: judge(request, testsAfter), proof: { room: 'own', ...because } };
}

async function test(
  { command, sandbox, recorder, meter, room }: ProveRequest & Pick<TestProof, 'room'>,
  signal: AbortSignal,
): Promise<TestRun> {
  const run = await runTests({ command, sandbox, remainingMs: meter.remainingMs() }, signal);
  recorder.record({ type: 'tests.finished', phase: 'after', room, run });
  return run;
}

function judge({ testsBefore }: ProveRequest, testsAfter: TestRun): TestVerdict {
  return judgeTests(testsBefore, testsAfter);
}
