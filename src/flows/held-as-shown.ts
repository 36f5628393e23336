import { EntropyError } from '../domain/error.ts';
import { heldCommentBegin } from '../domain/held/held-comment.ts';
import type { HeldShown } from '../domain/held/held-shown.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import { fullName } from '../domain/repository.ts';
import { showsPlan } from '../domain/tracking-state.ts';
import type { Forge } from '../ports/forge.ts';
import type { HeldChange } from './held-change.ts';
import { commentDigest } from './plan-hash.ts';

export interface IssueShown {
  readonly issueUrl: string;
  /** All comments of the issue, ours too. */
  readonly comments: readonly CommentSnapshot[];
}

/**
 * Whether the newest plan that stands on the issue is the one that is held: our comment says what would be
 * written of it today, nothing was added to it, and the commit that it links is the plan's change. What is held may be anybody's
 * who may push; until this is `as-shown`, its hash is told to nobody.
 */
export async function heldAsShown(
  forge: Forge,
  held: HeldChange,
  { issueUrl, comments }: IssueShown,
): Promise<HeldShown> {
  const { record, hash } = held;
  const found = comments.find(({ id }) => id === record.comment.id);
  if (found === undefined) return 'missing';
  const tells = found.body.replaceAll('\r\n', '\n').startsWith(heldCommentBegin(record, { hash, issueUrl }));
  const asWritten = commentDigest(found.body) === record.comment.digest;
  if (!tells || !asWritten || !(await forge.isOwnAuthor(found.author))) return 'changed';
  // An older comment of ours, far above, is nothing that somebody reads while a newer plan stands below it.
  for (const { id, body, author } of comments) {
    const newer = id > found.id && showsPlan(body);
    if (newer && (await forge.isOwnAuthor(author))) return 'older';
  }
  return (await isChangeOf(forge, held)) ? 'as-shown' : 'other-commit';
}

/** Anybody who may push can copy a record under another issue. */
export function isOfIssue(forge: Forge, issue: number, { record: { plan } }: HeldChange): boolean {
  return plan.issue === issue && plan.repository === fullName(forge.repository);
}

/** The commit that the comment links, where the approver reads the whole change. */
async function isChangeOf(forge: Forge, { record: { plan, change } }: HeldChange): Promise<boolean> {
  const on = plan.continues?.headSha ?? plan.base.sha;
  // Words stand in the comment, all of them; nobody is sent to a commit to read more.
  if (plan.kind === 'plan') return change === on;
  if (plan.patch.base.sha !== on) return false;
  try {
    const { treeSha, parents } = await forge.commit(change);
    return treeSha === plan.patch.treeSha && parents.length === 1 && parents[0] === on;
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E202') return false;
    throw error;
  }
}
