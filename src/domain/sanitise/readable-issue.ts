import type { IssueSnapshot } from '../issue.ts';
import { type ReadableText, readableMarkdown, readablePlain } from './readable-text.ts';
import { nothingRemoved, type Removals, sumRemovals } from './removals.ts';

/** What was taken out of one text before an agent read it. */
export interface SanitisedPlace {
  /** `title`, `text`, `comment by @bob`, `AGENTS.md`. */
  readonly place: string;
  readonly removed: Removals;
}

export interface ReadableComment {
  readonly author: string;
  readonly createdAt: string;
  readonly body: string;
}

/** An issue as people see it on GitHub: what an agent is told of it. */
export interface ReadableIssue {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** The newest that fit, oldest first. */
  readonly comments: readonly ReadableComment[];
  readonly leftOut: number;
  /** Where something was taken out. */
  readonly sanitised: readonly SanitisedPlace[];
}

/** Characters of comments that an agent is told of; a discussion's end says more than its beginning. */
const allComments = 32_000;
export const longestComment = 8_000;
/** Characters of comments that are looked at: a flood of hidden text must not cost more than the text that is read. */
const mostLookedAt = 256_000;

export function readableIssue(issue: IssueSnapshot): ReadableIssue {
  const title = readablePlain(issue.title);
  const body = readableMarkdown(issue.body);
  const labels = issue.labels.map(readablePlain);
  const comments: { readonly comment: ReadableComment; readonly readable: ReadableText }[] = [];
  let room = allComments;
  let looks = mostLookedAt;
  for (const { author, body: text, createdAt } of issue.comments.toReversed()) {
    looks -= text.length;
    if (looks < 0) break;
    const readable = readableMarkdown(text);
    room -= Math.min(readable.text.length, longestComment);
    if (room < 0) break;
    comments.unshift({ comment: { author, createdAt, body: readable.text }, readable });
  }
  return {
    title: title.text,
    body: body.text,
    labels: labels.map(({ text }) => text),
    comments: comments.map(({ comment }) => comment),
    leftOut: issue.comments.length - comments.length,
    sanitised: sanitisedPlaces([
      ['title', title],
      ['text', body],
      ...labels.map((label) => ['label', label] as const),
      ...comments.map(({ comment, readable }) => [`comment by @${comment.author}`, readable] as const),
    ]),
  };
}

/** Those of some texts from which something was taken. */
export function sanitisedPlaces(texts: readonly (readonly [string, ReadableText])[]): readonly SanitisedPlace[] {
  return texts
    .filter(([, { removed }]) => !nothingRemoved(removed))
    .map(([place, { removed }]) => ({ place, removed }));
}

/** What an agent does not get to read of an issue, by kind. */
export function hiddenIn(issue: IssueSnapshot): Removals {
  return removedFrom(readableIssue(issue).sanitised);
}

/** All that was taken out, by kind. */
export function removedFrom(places: readonly SanitisedPlace[]): Removals {
  return sumRemovals(places.map(({ removed }) => removed));
}
