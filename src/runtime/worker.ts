import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTrajectory } from '../adapters/filesystem/trajectory-file.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import type { PullSnapshot } from '../domain/pull-snapshot.ts';
import type { RunResult } from '../domain/run-result.ts';
import { mergeIn, startingSha } from '../domain/task.ts';
import type { SolveRequest } from '../flows/solve-request.ts';
import { solveTask } from '../flows/solve-task.ts';
import type { ProofRooms } from '../ports/proof-rooms.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { baseHomeOf, runsOnBase } from './base-home.ts';
import { handOverFiles } from './hand-over.ts';
import { chooseModel } from './models.ts';
import type { RoomPass } from './sandboxes.ts';
import type {
  FromWorker,
  ToWorker,
  WorkerBroker,
  WorkerContained,
  WorkerFault,
  WorkerStart,
} from './worker-protocol.ts';

/**
 * The process in which the agent thinks: no key, no token, a clean environment. It talks to its parent over the IPC
 * channel and leaves when that closes. `result.json` is on disk before `finished` is said.
 */
export async function runWorker(): Promise<void> {
  const inbox = openInbox();
  try {
    const start = await inbox.start;
    const result = await work(start, inbox);
    await writeFile(join(start.resultDir, handOverFiles.result), `${JSON.stringify(result)}\n`);
    await say({ type: 'finished', result });
  } catch (error) {
    await say({ type: 'failed', fault: faultOf(error) });
    process.exitCode = 1;
  } finally {
    if (process.connected) process.disconnect();
  }
}

async function work(start: WorkerStart, { broker, contained, signal }: Inbox): Promise<RunResult> {
  const { task, version } = start;
  const clock = createSystemClock();
  using recorder = openTrajectory(join(start.resultDir, handOverFiles.trajectory), { clock });
  const model = await chooseModel({ spec: task.agent.model, broker, clock, prices: task.prices });
  await using owned = new AsyncDisposableStack();
  // The model is asked while the parent still opens and proves the sandbox. What is only needed after that is loaded
  // after that, and git starts then: on two cores it would be in the way.
  const sandbox = contained.then(async (told) => {
    return owned.use(await enterRoom(told.sandbox));
  });
  const workspace = contained.then(async () => {
    const { openWorkspace } = await import('../adapters/git/open-workspace.ts');
    const opening = {
      root: start.workspace,
      baseSha: startingSha(task),
      tempDir: tmpdir(),
      path: start.hostPath,
      signal,
    };
    const merge = mergeIn(task);
    return owned.use(await openWorkspace({ ...opening, ...(merge && { merge }) }));
  });
  // Whoever needs it learns why there is none.
  workspace.catch(() => undefined);
  const { base: baseFolder, ...place } = start;
  const rooms = lateProofRooms(async () => {
    const { createProofRooms } = await import('./proof-rooms.ts');
    return createProofRooms({ ...place, files: workspace, tempDir: tmpdir() });
  });
  const pulled =
    baseFolder === undefined || task.pull === undefined
      ? {}
      : besideBase({ start, contained, pull: task.pull, base: baseFolder, owned, signal });
  // Whoever waits for the sandbox learns why there is none.
  const passedOver = contained.then(
    (told) => told.passedOver,
    () => [],
  );
  return await solveTask(
    { task, model, sandbox, passedOver, rooms, workspace, ...pulled, recorder, clock, version },
    signal,
  );
}

interface BesideBase {
  readonly start: WorkerStart;
  readonly contained: Promise<unknown>;
  readonly pull: PullSnapshot;
  readonly base: string;
  readonly owned: AsyncDisposableStack;
  readonly signal: AbortSignal;
}

/** What a pull request is measured against: its difference before the model is asked, and rooms with its files for later. */
function besideBase(beside: BesideBase): Pick<SolveRequest, 'base' | 'readChange'> {
  const { start, contained, pull, base, owned, signal } = beside;
  const { workspace, hostPath, home } = start;
  const readChange: SolveRequest['readChange'] = async (stop) => {
    const { readChange: read } = await import('../adapters/git/read-change.ts');
    const sides = { head: { root: workspace, sha: pull.headSha }, base: { root: base, sha: pull.baseSha } };
    return await read({ ...sides, tempDir: tmpdir(), path: hostPath, signal: stop });
  };
  if (!runsOnBase(start.task)) return { readChange };
  const files = contained.then(async () => {
    const { openWorkspace } = await import('../adapters/git/open-workspace.ts');
    const opening = { root: base, baseSha: pull.baseSha, tempDir: tmpdir(), path: hostPath, signal };
    return owned.use(await openWorkspace(opening));
  });
  // Whoever measures learns why there is none.
  files.catch(() => undefined);
  const rooms = lateProofRooms(async () => {
    const { createProofRooms } = await import('./proof-rooms.ts');
    const { base: _, ...place } = start;
    return createProofRooms({ ...place, workspace: base, home: baseHomeOf(home), files, tempDir: tmpdir() });
  });
  return { readChange, base: { files, rooms } };
}

async function enterRoom(pass: RoomPass): Promise<Sandbox> {
  if ('kind' in pass) {
    const { enterOnHost } = await import('../adapters/host-process/host-sandbox.ts');
    return enterOnHost(pass);
  }
  const { enterSandbox } = await import('../adapters/linux-namespaces/standing-sandbox.ts');
  return enterSandbox(pass);
}

/** Not loaded before the model was asked. */
function lateProofRooms(load: () => Promise<ProofRooms>): ProofRooms {
  let loaded: Promise<ProofRooms> | undefined;
  const rooms = (): Promise<ProofRooms> => (loaded ??= load());
  return {
    mark: async (signal) => (await rooms()).mark(signal),
    openFresh: async (signal, files) => (await rooms()).openFresh(signal, files),
    openOwn: async (signal) => (await rooms()).openOwn(signal),
  };
}

/** What the parent says. */
interface Inbox {
  readonly start: Promise<WorkerStart>;
  readonly broker: Promise<WorkerBroker>;
  readonly contained: Promise<WorkerContained>;
  /** A parent that is gone is a cancel too, so that no worker outlives its outer process. */
  readonly signal: AbortSignal;
}

function openInbox(): Inbox {
  const start = Promise.withResolvers<WorkerStart>();
  const broker = Promise.withResolvers<WorkerBroker>();
  const contained = Promise.withResolvers<WorkerContained>();
  const cancel = new AbortController();
  process.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'start':
        return start.resolve(message);
      case 'broker':
        return broker.resolve(message);
      case 'contained':
        return contained.resolve(message);
      case 'cancel':
        return cancel.abort(new Error(message.reason));
      default:
        return message satisfies never;
    }
  });
  process.on('disconnect', () => {
    const gone = new Error('the process that started the worker is gone');
    cancel.abort(gone);
    for (const word of [start, broker, contained]) word.reject(gone);
  });
  // The runner sends these to the whole group on a cancel; the outer process tells us in words, with a reason.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => undefined);
  // Not every run waits for both.
  for (const { promise } of [broker, contained]) promise.catch(() => undefined);
  return { start: start.promise, broker: broker.promise, contained: contained.promise, signal: cancel.signal };
}

function say(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, undefined, () => resolve());
  });
}

function faultOf(error: unknown): WorkerFault {
  if (error instanceof EntropyError) {
    return { code: error.code, message: error.message, fix: error.fix, retryable: error.retryable };
  }
  return {
    code: 'E900',
    message: describeError(error),
    fix: 'this is a fault of ours: please report it with the trajectory of the run',
    retryable: false,
  };
}
