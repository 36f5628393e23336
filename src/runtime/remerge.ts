import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encloseFolder } from '../adapters/git/enclose-folder.ts';
import { openWorkspace } from '../adapters/git/open-workspace.ts';
import type { PatchManifest } from '../domain/patch.ts';
import { runsCommands } from '../domain/sandbox-rung.ts';
import type { Task } from '../domain/task.ts';
import type { TestRun } from '../domain/test-run.ts';
import type { Remerge } from '../flows/publish-run.ts';
import { runTests } from '../flows/run-tests.ts';
import { openTaskSandbox, type TaskRoom } from './sandboxes.ts';
import { setUp } from './set-up.ts';

export interface RemergeOptions extends TaskRoom {
  readonly task: Task;
  /** Where the newer head is fetched from: `https://github.com/octo/slug.git`. */
  readonly cloneUrl: string;
  readonly token: string;
}

const longestTestMs = 10 * 60_000;

/**
 * For the forms that have workspace and sandbox at hand: somebody pushed to the agent's branch, so the patch is merged
 * onto the newer head, and set-up and tests run on exactly the merged files, in a folder of their own.
 */
export function createRemerge(options: RemergeOptions): Remerge {
  const { workspace: root, hostPath, cloneUrl, token } = options;
  return async (patch, newHead, signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'entropy-merge-'));
    try {
      await using workspace = await openWorkspace({
        root,
        baseSha: patch.base.sha,
        tempDir: folder,
        path: hostPath,
        signal,
      });
      await workspace.adopt(patch, signal);
      await workspace.fetch({ url: cloneUrl, token, sha: newHead }, signal);
      const merged = await workspace.mergeOnto(patch, newHead, signal);
      if (merged.kind !== 'merged') return merged;
      const { manifest } = merged;
      const mergedFiles = await mkdtemp(join(folder, 'merged-'));
      await workspace.exportTree(manifest.treeSha, mergedFiles, signal);
      await encloseFolder({ folder: mergedFiles, path: hostPath, signal });
      const tests = await testMerged({ ...options, workspace: mergedFiles, home: join(folder, 'home') }, signal);
      return { kind: 'merged', manifest: manifest satisfies PatchManifest, ...(tests === undefined ? {} : { tests }) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function testMerged(room: RemergeOptions, signal: AbortSignal): Promise<TestRun | undefined> {
  const { testCommand } = room.task;
  if (testCommand === undefined) return undefined;
  await setUp({ ...room, log: () => undefined }, signal);
  const { sandbox } = await openTaskSandbox(room, signal);
  await using closing = sandbox;
  if (!runsCommands(closing.rung)) return undefined;
  // Awaited here: the sandbox is closed when this function returns.
  return await runTests({ command: testCommand, sandbox: closing, remainingMs: longestTestMs }, signal);
}
