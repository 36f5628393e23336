import { markOf } from '../domain/markers.ts';
import type { KnownFinding } from '../domain/reports/open-finding.ts';
import type { FindingTextOptions } from '../domain/review/finding-comment.ts';
import { findingOp } from '../domain/review/finding-marks.ts';
import type { FindingWord, MergedRound } from '../domain/review/merge-round.ts';
import { standingReply } from '../domain/review/round-replies.ts';
import { mayWrite } from './fence-guard.ts';
import type { PublishRun } from './publish-run.ts';
import type { Rounds } from './read-rounds.ts';

/** What becomes of one conversation: a word under its finding, and whether it is over. */
export interface Settling {
  readonly commentId: number;
  readonly body: string;
  /** Of the word's mark: once said, it is not said again. */
  readonly op: string;
  readonly resolved: boolean;
}

/** The conversations that this round ends or opens again. Findings without one are spoken of in the review's text. */
export function settlings(
  { fixed, refuted, reopened }: Pick<MergedRound, 'fixed' | 'refuted' | 'reopened'>,
  options: FindingTextOptions,
): readonly Settling[] {
  const settle =
    (resolved: boolean) =>
    (word: FindingWord): Settling[] => {
      const { commentId, fingerprint, standing } = word.finding;
      if (commentId === undefined) return [];
      const op = findingOp({ kind: 'standing', fingerprint, round: options.round, standing });
      return [{ commentId, body: standingReply(word, options), op, resolved }];
    };
  return [...[...fixed, ...refuted].flatMap(settle(true)), ...reopened.flatMap(settle(false))];
}

/** One word each, whatever was said before, and then the conversation's end; both as they are when they are there already. */
export async function settleFindings(run: PublishRun, rounds: Rounds, all: readonly Settling[]): Promise<void> {
  const { forge, task } = run;
  const pull = task.pull?.number ?? 0;
  for (const { commentId, body, op, resolved } of all) {
    if (!isSaid(rounds, { commentId, op, run: task.runId })) {
      await mayWrite(run, 'answer');
      await forge.reviews.reply(pull, commentId, body);
    }
    const thread = rounds.threads.find(({ comments }) => comments[0] === commentId);
    if (thread === undefined || thread.resolved === resolved) continue;
    await mayWrite(run, 'thread');
    await (resolved ? forge.reviews.resolveThread(thread.id) : forge.reviews.reopenThread(thread.id));
  }
}

/** Whether a word of ours with this very mark stands under a comment. */
export function isSaid(
  { comments, isOwn }: Pick<Rounds, 'comments' | 'isOwn'>,
  word: { readonly commentId: number; readonly op: string; readonly run: string },
): boolean {
  return comments.some(({ inReplyTo, author, body }) => {
    const mark = markOf(body);
    return inReplyTo === word.commentId && isOwn(author) && mark?.op === word.op && mark.run === word.run;
  });
}

/** With the comments that tell those that are new. */
export function withComments(known: readonly KnownFinding[], told: readonly KnownFinding[]): readonly KnownFinding[] {
  const ids = new Map(told.map(({ fingerprint, commentId }) => [fingerprint, commentId]));
  return known.map((finding) => {
    const commentId = finding.commentId ?? ids.get(finding.fingerprint);
    return commentId === undefined ? finding : { ...finding, commentId };
  });
}
