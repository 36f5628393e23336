import { type ConflictingPair, isAboutPair, mergeBegins, pairOp } from '../../domain/base-merge.ts';
import type { CommentSnapshot } from '../../domain/issue.ts';
import { markOf } from '../../domain/markers.ts';
import type { Task } from '../../domain/task.ts';
import type { Forge } from '../../ports/forge.ts';
import { commentOnce } from '../marked-comment.ts';

/** Whether a run was sent for this very pair before, or it was said that none is; `ours`: the run that asks, which may ask again. */
export async function wasTold(
  forge: Pick<Forge, 'isOwnAuthor'>,
  comments: readonly CommentSnapshot[],
  { ours, ...pair }: ConflictingPair & { readonly ours?: string | undefined },
): Promise<boolean> {
  for (const { body, author } of comments) {
    const mark = markOf(body);
    const isIt = mark !== undefined && isAboutPair(mark.op, pair) && mark.run !== ours;
    if (isIt && (await forge.isOwnAuthor(author))) return true;
  }
  return false;
}

/** Once the claim is taken: why a run works that nobody asked for, and that nobody has to send another for the same. */
export async function tellMerge(forge: Forge, { issue, runId, lease, base, continues }: Task): Promise<void> {
  if (continues?.mergeOf === undefined) return;
  const { headSha, pullRequest } = continues;
  const pair = { baseSha: base.sha, headSha };
  const mark = { issue: issue.number, fence: lease.fence, run: runId, op: pairOp(pair) };
  await commentOnce(forge, { mark, text: mergeBegins({ ...pair, pullRequest, branch: base.branch }) });
}
