import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openWorkspace } from '../../src/adapters/git/open-workspace.ts';
import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import type { RunResult } from '../../src/domain/run-result.ts';
import type { Task } from '../../src/domain/task.ts';
import { solveTask } from '../../src/flows/solve-task.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';
import { createProofRooms } from '../../src/runtime/proof-rooms.ts';
import { sandboxOptions } from '../../src/runtime/sandboxes.ts';
import { type ListedReply, type ListModel, listModel } from './list-model.ts';
import { type MemoryRecorder, memoryRecorder } from './memory-recorder.ts';
import { type RealRepository, realRepository } from './real-repository.ts';
import { sampleTask } from './sample-task.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';

export interface ObedientRun {
  readonly result: RunResult;
  readonly recorder: MemoryRecorder;
  readonly model: ListModel;
}

export interface ObedientRunOptions {
  readonly files: Readonly<Record<string, string>>;
  /** What a set-up command leaves, in the workspace and in the home; there is no home when it is absent. */
  readonly setUp?: (repository: RealRepository, home: string) => void;
  /** What the model does, which obeys whoever wrote the issue. */
  readonly replies: readonly ListedReply[];
  /** Folders of the workspace that are in PATH. */
  readonly inPath?: readonly string[];
  readonly task?: Partial<Task>;
  readonly clock?: SimulatedClock;
  /** Looks at the workspace and the home when the run is over. */
  readonly look?: (root: string, home: string) => void;
  readonly signal: AbortSignal;
}

/** A run of the real flow: real git, the real sandbox, real rooms for its tests; only the model does what it is told. */
export async function obedientRun(options: ObedientRunOptions): Promise<ObedientRun> {
  const { signal, setUp } = options;
  using repository = realRepository(options.files);
  const home = path.join(repository.temp, 'home');
  if (setUp !== undefined) mkdirSync(home);
  setUp?.(repository, home);
  await using workspace = await openWorkspace({ root: repository.root, tempDir: repository.temp, signal });
  const base = { branch: 'main', sha: workspace.baseSha };
  const task = sampleTask({ testCommand: 'sh test.sh', base, ...options.task });
  const inside = (options.inPath ?? []).map((folder) => path.join(repository.root, folder));
  const hostPath = [...inside, process.env['PATH'] ?? ''].join(path.delimiter);
  const egress = ownEgressCommand();
  const room = { task, workspace: repository.root, hostPath, home, egress };
  await using sandbox = await bubblewrapSandbox().open({ ...sandboxOptions(room), network: { kind: 'none' } });
  const rooms = createProofRooms({ ...room, files: workspace, tempDir: repository.temp });
  const clock = options.clock ?? simulatedClock();
  const recorder = memoryRecorder(clock);
  const model = listModel(options.replies);
  const request = { task, model, sandbox, rooms, workspace, recorder, clock, version: '0.1.0' };
  const result = await solveTask(request, signal);
  options.look?.(repository.root, home);
  return { result, recorder, model };
}
