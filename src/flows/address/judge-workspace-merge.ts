import { lostText, marksText } from '../../domain/conflicts/lost-text.ts';
import { lostSummary, unmerged } from '../../domain/conflicts/unmerged.ts';
import type { PatchManifest } from '../../domain/patch.ts';
import { mergeIn, type Task } from '../../domain/task.ts';
import type { Workspace } from '../../ports/workspace.ts';

/** Why a merge is not taken, and what the model is told of it. */
export interface RefusedMerge {
  readonly why: string;
  readonly advice: string;
}

/**
 * For a run that merges the base into its branch: no mark of a conflict may be left, and no change of either side may be gone. Which
 * side was right is not asked here: tests and people say that. The publisher judges again.
 */
export async function judgeWorkspaceMerge(
  { task, workspace }: { readonly task: Task; readonly workspace: Workspace },
  patch: PatchManifest,
  signal: AbortSignal,
): Promise<RefusedMerge | undefined> {
  if (mergeIn(task) === undefined) return undefined;
  if (workspace.merge === undefined) throw new Error('the task merges its base, and the workspace holds no merge');
  const wrong = unmerged(await workspace.merge.versions(patch, signal));
  switch (wrong?.kind) {
    case undefined:
      return undefined;
    case 'marks':
      return {
        why: `marks of the conflict are left: ${marksText(wrong.left)}`,
        advice: 'Bring both sides together there, and take the marks out.',
      };
    case 'lost':
      return {
        why: lostSummary(wrong.lost),
        advice: `A merge keeps what both sides meant; bring back what is missing, adapted where it has to be. If the two cannot both be kept, ask instead of choosing. Missing:\n${lostText(wrong.lost)}`,
      };
    default:
      return wrong satisfies never;
  }
}
