import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOut } from '../adapters/git/check-out.ts';
import { inspectRepository } from '../adapters/git/inspect-repository.ts';
import { mergeIn, startingSha, type Task } from '../domain/task.ts';
import { addMergeCommits } from './merge-commits.ts';

export interface CoderWorkspaceOptions {
  readonly task: Task;
  /** What the job's earlier steps have checked out. */
  readonly checkedOut: string;
  readonly cloneUrl: string;
  readonly token: string | undefined;
  /** Absolute path of a folder that the runner empties. */
  readonly tempDir: string;
  readonly hostPath: string;
  readonly log: (line: string) => void;
}

/**
 * The folder that the agent works in: what the job has checked out when that is the commit to work on, else that commit
 * in a folder of its own. An event carries the default branch, but a run may go on with a pull request, start from
 * another branch, or come after a push.
 */
export async function coderWorkspace(options: CoderWorkspaceOptions, signal: AbortSignal): Promise<string> {
  const { task, checkedOut, cloneUrl, token, tempDir, hostPath } = options;
  const sha = startingSha(task);
  const { head } = await inspectRepository({ path: checkedOut, tempDir, searchPath: hostPath, signal });
  // A job checks out one commit; a merge needs three.
  const merges = mergeIn(task) !== undefined;
  if ((head === sha && !merges) || token === undefined) return checkedOut;
  const folder = join(tempDir, 'entropy-workspace');
  await rm(folder, { recursive: true, force: true });
  const from = { kind: 'server', url: cloneUrl, token } as const;
  await checkOut({ from, sha, folder, searchPath: hostPath, signal });
  await addMergeCommits({ from, task, folder, searchPath: hostPath, signal });
  options.log(`working on ${sha} in a folder of its own: the job has checked out ${head ?? 'nothing'}`);
  return folder;
}

/** What a pull request is measured against, in a folder of its own; undefined for other work, and without a token to fetch it. */
export async function coderBase(
  { task, cloneUrl, token, tempDir, hostPath }: Omit<CoderWorkspaceOptions, 'checkedOut' | 'log'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (task.pull === undefined || token === undefined) return undefined;
  const folder = join(tempDir, 'entropy-base');
  await rm(folder, { recursive: true, force: true });
  const from = { kind: 'server', url: cloneUrl, token } as const;
  await checkOut({ from, sha: task.pull.baseSha, folder, searchPath: hostPath, signal });
  return folder;
}
