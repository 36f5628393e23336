import type { CommentSnapshot, IssueSnapshot } from './issue.ts';
import { markOf } from './markers.ts';
import { sameText } from './same-text.ts';
import type { TakenAnswer } from './stages/team-approval.ts';

/** What a person had before their eyes when they asked. Absent parts were not told by the event. */
export interface Approval {
  readonly seen: { readonly title: string; readonly body: string } | undefined;
  /** The comment that holds the command. */
  readonly comment: { readonly id: number; readonly body: string } | undefined;
  /** ISO time of the request; undefined when only "now" is known. */
  readonly at: string | undefined;
  /** SHA-256 of title and body, where those themselves were not kept. */
  readonly digest?: string;
  /** Id of the newest comment that there was, where the command's own text was not kept. */
  readonly upTo?: number;
  /** Comments of somebody who may not start agents that were taken for answers. */
  readonly answers?: readonly TakenAnswer[];
}

/** An approval, and what counts besides it although it came later. */
export interface ApprovedWords extends Approval {
  /** Absent: nothing. Where it is told and no time is, nothing but this counts. */
  readonly also?: (comment: CommentSnapshot) => boolean;
}

export type BoundIssue =
  | { readonly kind: 'bound'; readonly issue: IssueSnapshot }
  /** Somebody changed what was approved; `what` completes "… was changed after the command". */
  | { readonly kind: 'changed'; readonly what: string };

/** About 15,000 tokens of discussion; what is older than that is counted, not kept. */
export const maxCommentCharacters = 60_000;

/**
 * Binds an issue to the moment of its approval: what was edited or deleted since makes it void, what was written since
 * is left out. Otherwise a stranger could have an agent sent for one text and slip another one in. Our own comments are
 * left out too: they are edited all the time and tell the agent nothing.
 */
export function bindApproval(
  issue: IssueSnapshot,
  comments: readonly CommentSnapshot[],
  approval: ApprovedWords,
): BoundIssue {
  const { seen, comment: command, at, also = () => false } = approval;
  if (seen !== undefined && (seen.title !== issue.title || !sameText(seen.body, issue.body))) {
    return { kind: 'changed', what: 'the issue' };
  }
  if (command !== undefined) {
    const found = comments.find((comment) => comment.id === command.id);
    if (found === undefined) return { kind: 'changed', what: 'the comment with the command (it was deleted)' };
    if (!sameText(found.body, command.body)) return { kind: 'changed', what: 'the comment with the command' };
  }
  const approved = comments.filter((comment) => !isOurs(comment) && (wasThere(comment, approval) || also(comment)));
  const edited = approved.find((comment) => comment.id !== command?.id && !also(comment) && editedSince(comment, at));
  if (edited !== undefined) return { kind: 'changed', what: `a comment by @${edited.author}` };
  return { kind: 'bound', issue: withNewest(issue, approved, command?.id) };
}

/** Whether a comment speaks for itself; another one counts only `also`, if at all. */
export function isApproved(comment: CommentSnapshot, approval: ApprovedWords): boolean {
  return wasThere(comment, approval) && !editedSince(comment, approval.at);
}

/** Ids grow, so they order comments of the same second; without a command in a comment only the times can tell. */
function wasThere(
  comment: CommentSnapshot,
  { comment: command, at, upTo = command?.id, also }: ApprovedWords,
): boolean {
  if (upTo !== undefined) return comment.id <= upTo;
  if (at === undefined) return also === undefined;
  return Date.parse(comment.createdAt) <= Date.parse(at);
}

/** Times are whole seconds: an edit in the very second of the approval counts as later. */
function editedSince(comment: CommentSnapshot, at: string | undefined): boolean {
  const edited = comment.updatedAt !== comment.createdAt;
  return at !== undefined && edited && Date.parse(comment.updatedAt) >= Date.parse(at);
}

/** A marker in the first line. Whoever forges one only hides their own comment from the agent. */
function isOurs(comment: CommentSnapshot): boolean {
  return markOf(comment.body) !== undefined;
}

function withNewest(issue: IssueSnapshot, comments: readonly CommentSnapshot[], commandId?: number): IssueSnapshot {
  const newestFirst = [...comments].sort((a, b) => b.id - a.id);
  const kept: CommentSnapshot[] = [];
  let characters = 0;
  for (const comment of newestFirst) {
    characters += comment.body.length;
    if (characters > maxCommentCharacters && comment.id !== commandId) break;
    kept.unshift(comment);
  }
  const omittedComments = comments.length - kept.length;
  return { ...issue, comments: kept, ...(omittedComments > 0 && { omittedComments }) };
}

/** With what was written in another conversation about the same work, in order; the oldest go first when it is too much. */
export function joinedComments(issue: IssueSnapshot, others: readonly CommentSnapshot[]): IssueSnapshot {
  const { omittedComments: before = 0, ...rest } = issue;
  const own = new Set(issue.comments.map(({ id }) => id));
  const joined = withNewest(rest, [...issue.comments, ...others.filter(({ id }) => !own.has(id))]);
  const omittedComments = before + (joined.omittedComments ?? 0);
  return { ...joined, ...(omittedComments > 0 && { omittedComments }) };
}
