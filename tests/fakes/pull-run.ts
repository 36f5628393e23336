import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { checkOut } from '../../src/adapters/git/check-out.ts';
import { openWorkspace } from '../../src/adapters/git/open-workspace.ts';
import { readChange } from '../../src/adapters/git/read-change.ts';
import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import type { PullSnapshot } from '../../src/domain/pull-snapshot.ts';
import { taskRole } from '../../src/domain/roles/role.ts';
import { shippedRoles } from '../../src/domain/roles/shipped-roles.ts';
import type { WorkKind } from '../../src/domain/roles/work-kind.ts';
import type { RunResult } from '../../src/domain/run-result.ts';
import type { Task } from '../../src/domain/task.ts';
import { solveTask } from '../../src/flows/solve-task.ts';
import { baseHomeOf } from '../../src/runtime/base-home.ts';
import { ownEgressCommand } from '../../src/runtime/own-worker.ts';
import { createProofRooms } from '../../src/runtime/proof-rooms.ts';
import { sandboxOptions } from '../../src/runtime/sandboxes.ts';
import { type ListedReply, type ListModel, listModel } from './list-model.ts';
import { type MemoryRecorder, memoryRecorder } from './memory-recorder.ts';
import { realRepository } from './real-repository.ts';
import { sampleTask } from './sample-task.ts';
import { simulatedClock } from './simulated-clock.ts';

type Files = Readonly<Record<string, string>>;

export interface PullRunOptions {
  readonly work: WorkKind;
  readonly base: Files;
  /** Laid over the base in the pull request's commit; none: the work is about an issue. */
  readonly head?: Files;
  readonly replies: readonly ListedReply[];
  readonly task?: Partial<Task>;
  readonly signal: AbortSignal;
  /** Looks at the workspace when the run is over. */
  readonly look?: (root: string) => void;
}

export interface PullRun {
  readonly result: RunResult;
  readonly recorder: MemoryRecorder;
  readonly model: ListModel;
  /** What the model was told first. */
  readonly told: string;
}

/** A run of any kind of work through the real flow: real git, the real sandbox, real rooms; only the model is listed. */
export async function pullRun(options: PullRunOptions): Promise<PullRun> {
  const { work, signal } = options;
  using repository = realRepository(options.base);
  const baseSha = repository.git('rev-parse', 'HEAD');
  for (const [name, content] of Object.entries(options.head ?? {})) repository.write(name, content);
  const headSha = options.head === undefined ? baseSha : repository.commit('the change');
  const pull = options.head === undefined ? undefined : snapshot(baseSha, headSha);
  const baseRoot = path.join(repository.temp, 'base');
  const hostPath = process.env['PATH'] ?? '';
  const from = { kind: 'path', gitDir: path.join(repository.root, '.git') } as const;
  if (pull !== undefined) await checkOut({ from, sha: baseSha, folder: baseRoot, searchPath: hostPath, signal });

  const tempDir = path.join(repository.temp, 'tmp');
  mkdirSync(tempDir);
  await using workspace = await openWorkspace({ root: repository.root, tempDir, signal });
  const role = shippedRoles.find(({ results }) => results[0] === work) ?? shippedRoles[0];
  const task = sampleTask({
    work,
    ...(role && { role: taskRole(role) }),
    base: { branch: 'main', sha: baseSha },
    ...(pull && { pull }),
    ...options.task,
  });
  const home = path.join(repository.temp, 'home');
  const room = { task, workspace: repository.root, hostPath, home, egress: ownEgressCommand() };
  const beside = pull === undefined ? {} : { base: baseRoot };
  await using sandbox = await bubblewrapSandbox().open({
    ...sandboxOptions({ ...room, ...beside }),
    network: { kind: 'none' },
  });
  const rooms = createProofRooms({ ...room, files: workspace, tempDir });
  await using owned = new AsyncDisposableStack();
  const pulled =
    pull === undefined
      ? {}
      : await basePart({ baseRoot, room, home, tempDir, pull, headRoot: repository.root, owned, signal });
  const clock = simulatedClock();
  const recorder = memoryRecorder(clock);
  const model = listModel(options.replies);
  const request = { task, model, sandbox, rooms, workspace, ...pulled, recorder, clock, version: '0.1.0' };
  const result = await solveTask(request, signal);
  options.look?.(repository.root);
  const first = model.requests[0]?.messages[0]?.content[0];
  return { result, recorder, model, told: first?.type === 'text' ? first.text : '' };
}

interface BasePart {
  readonly baseRoot: string;
  readonly headRoot: string;
  readonly room: Omit<Parameters<typeof createProofRooms>[0], 'files' | 'tempDir'>;
  readonly home: string;
  readonly tempDir: string;
  readonly pull: PullSnapshot;
  readonly owned: AsyncDisposableStack;
  readonly signal: AbortSignal;
}

async function basePart({ baseRoot, headRoot, room, home, tempDir, pull, owned, signal }: BasePart) {
  const files = owned.use(await openWorkspace({ root: baseRoot, tempDir, signal }));
  const place = { ...room, workspace: baseRoot, home: baseHomeOf(home) };
  return {
    base: { files, rooms: createProofRooms({ ...place, files, tempDir }) },
    readChange: (stop: AbortSignal) =>
      readChange({
        head: { root: headRoot, sha: pull.headSha },
        base: { root: baseRoot, sha: pull.baseSha },
        tempDir,
        path: room.hostPath,
        signal: stop,
      }),
  };
}

function snapshot(baseSha: string, headSha: string): PullSnapshot {
  return {
    number: 7,
    title: 'Make it good',
    body: 'It is good now.',
    author: 'entropy[bot]',
    url: 'https://github.com/octo/slug/pull/7',
    headBranch: 'agent/issue-1-1',
    headSha,
    baseBranch: 'main',
    baseSha,
    draft: true,
    fromFork: false,
  };
}
