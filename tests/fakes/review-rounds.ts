import type { Marker } from '../../src/domain/markers.ts';
import type { Finding } from '../../src/domain/reports/finding.ts';
import type { FindingAnswer, KnownFinding } from '../../src/domain/reports/open-finding.ts';
import type { EarlierFinding } from '../../src/domain/reports/review-report.ts';
import { findingComment } from '../../src/domain/review/finding-comment.ts';
import { knownFindings, type ReviewState } from '../../src/domain/review/known-findings.ts';
import { type MergedRound, mergeRound } from '../../src/domain/review/merge-round.ts';
import type { DiffFile } from '../../src/domain/review/place-on-diff.ts';
import { placeFindings } from '../../src/domain/review/placed-finding.ts';
import { reviewText } from '../../src/domain/review/review-text.ts';
import { answerReply, answersToTell, standingReply } from '../../src/domain/review/round-replies.ts';

type Open<T> = { -readonly [Name in keyof T]: T[Name] };
type Thread = { resolved: boolean; comments: number[]; endings: number };

const us = 'agents[bot]';
const mark: Omit<Marker, 'op'> = { issue: 7, fence: 1, run: '01J9ZZZZZZZZZZZZZZZZZZZZZZ' };
const outgoing = { issue: 7 };

/** A pull request as GitHub keeps it, on which whole rounds are published as our publisher does. */
export class ReviewRounds {
  readonly reviews: Open<ReviewState['reviews'][number]>[] = [];
  readonly comments: Open<ReviewState['comments'][number]>[] = [];
  readonly threads: Thread[] = [];
  round = 0;
  private id = 0;

  known(): readonly KnownFinding[] {
    const state = { reviews: this.reviews, comments: this.comments, threads: this.threads };
    return knownFindings(state, { isOwn: (author) => author === us, issue: 7 });
  }

  /** One round, published in the order that survives a kill: words first, then the end of conversations. */
  review(round: {
    readonly files: readonly DiffFile[];
    readonly findings: readonly Finding[];
    readonly earlier: readonly EarlierFinding[];
    /** Publish so many writes and die. */
    readonly dieAfter?: number;
  }): MergedRound {
    this.round += 1;
    const options = { run: mark, round: this.round, outgoing };
    const placed = placeFindings(round.findings, { files: round.files, complete: true });
    const merged = mergeRound({ known: this.known(), placed, earlier: round.earlier, answers: [], round: this.round });
    const writes: (() => void)[] = [];
    const facts = {
      ...options,
      maxRounds: 9,
      headSha: 'f'.repeat(40),
      summary: 'Looked at.',
      notReviewed: [],
      isWhole: true,
      merged,
    };
    writes.push(() => {
      this.reviews.push({ id: this.next(), author: us, body: reviewText(facts), submittedAt: this.now() });
      for (const each of merged.post) {
        const { place } = each;
        if (place.kind === 'on')
          this.say(us, { path: place.path, line: place.line, body: findingComment(each, options) });
      }
    });
    for (const word of [...merged.fixed, ...merged.refuted, ...merged.reopened]) {
      const { commentId } = word.finding;
      if (commentId === undefined) continue;
      writes.push(() =>
        this.say(us, { ...this.placeOf(commentId), body: standingReply(word, options), inReplyTo: commentId }),
      );
      if (word.finding.standing !== 'open') writes.push(() => this.close(commentId));
      if (word.finding.standing === 'open') writes.push(() => this.reopen(commentId));
    }
    for (const write of writes.slice(0, round.dieAfter)) write();
    return merged;
  }

  answer(answers: readonly FindingAnswer[]): void {
    for (const { finding, answer } of answersToTell(this.known(), answers)) {
      if (finding.commentId === undefined) continue;
      const body = answerReply(answer, { run: mark, round: this.round, outgoing, headSha: 'e'.repeat(40) });
      this.say(us, { ...this.placeOf(finding.commentId), body, inReplyTo: finding.commentId });
    }
  }

  /** A comment of anybody, in a conversation of its own or in one that there is. */
  say(
    author: string,
    said: {
      readonly path: string;
      readonly line: number | undefined;
      readonly body: string;
      readonly inReplyTo?: number;
    },
  ): void {
    const { path, line, body, inReplyTo } = said;
    const id = this.next();
    this.comments.push({ id, author, body, path, line, inReplyTo, createdAt: this.now() });
    if (inReplyTo === undefined) this.threads.push({ resolved: false, comments: [id], endings: 0 });
    else this.threadOf(inReplyTo).comments.push(id);
  }

  close(commentId: number): void {
    const thread = this.threadOf(commentId);
    if (!thread.resolved) thread.endings += 1;
    thread.resolved = true;
  }

  reopen(commentId: number): void {
    this.threadOf(commentId).resolved = false;
  }

  threadOf(commentId: number): Thread {
    const found = this.threads.find(({ comments }) => comments.includes(commentId));
    if (found === undefined) throw new Error(`no conversation has comment ${commentId}`);
    return found;
  }

  private placeOf(commentId: number): { readonly path: string; readonly line: number | undefined } {
    const found = this.comments.find(({ id }) => id === commentId);
    if (found === undefined) throw new Error(`there is no comment ${commentId}`);
    return { path: found.path, line: found.line };
  }

  private next(): number {
    this.id += 1;
    return this.id;
  }

  /** All within one second, as GitHub's times often are. */
  private now(): string {
    return '2026-11-01T10:00:00Z';
  }
}
