import { addCommit, type CheckOutOptions } from '../adapters/git/check-out.ts';
import { mergeIn, type Task } from '../domain/task.ts';

export interface MergeCommitsOptions extends Omit<CheckOutOptions, 'sha'> {
  readonly task: Pick<Task, 'continues'>;
}

/** Where the base is to be merged: the branch and the fork, beside the base that is checked out. Nothing for other work. */
export async function addMergeCommits({ task, ...options }: MergeCommitsOptions): Promise<void> {
  const merge = mergeIn(task);
  if (merge === undefined) return;
  for (const sha of [merge.oursSha, merge.forkSha]) await addCommit({ ...options, sha });
}
