import { html } from 'hono/html';
import type { Thread } from '../pulls/review-threads.ts';
import type { DiffSide, ReviewComment } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';
import { markdownOf } from './conversation.ts';
import { moment } from './layout.ts';
import type { Html } from './markdown-inline.ts';
import { person } from './people.ts';

interface Line {
  readonly path: string;
  readonly side: DiffSide;
  readonly line: number;
}

/** What stands below a line of the diff. */
export function threadsOnLine(
  repository: Repository,
  threads: readonly Thread[],
  { path, side, line }: Line,
): Html | undefined {
  const here = threads.filter(
    ({ comments: [first] }) => first.path === path && first.side === side && first.line === line,
  );
  return here.length === 0 ? undefined : html`${here.map((thread) => threadView(repository, thread, false))}`;
}

/** About files as a whole, and about lines that the diff shows no longer: with the lines that they were said about. */
export function threadsOnNoLine(repository: Repository, threads: readonly Thread[]): Html | string {
  const rest = threads.filter(({ comments: [first] }) => first.line === null);
  if (rest.length === 0) return '';
  return html`<h2>Conversations on no line of this diff</h2>${rest.map((thread) => threadView(repository, thread, true))}`;
}

/** A closed conversation shows that it is closed; a click opens it. */
function threadView(repository: Repository, thread: Thread, alone: boolean): Html {
  const [first] = thread.comments;
  const place = html`<span class="mono">${first.path}${first.original.line === null ? '' : `:${first.original.line}`}</span>`;
  const outdated = thread.outdated ? html`<span class="label past">Outdated</span>` : '';
  const hunk = alone && first.diffHunk !== '' ? html`<pre class="hunk">${lastLines(first.diffHunk)}</pre>` : '';
  const said = html`${hunk}${thread.comments.map((comment) => commentView(repository, comment))}`;
  const head = html`${alone ? place : ''}${outdated}`;
  if (thread.resolvedBy !== undefined) {
    const count = thread.comments.length === 1 ? '1 comment' : `${thread.comments.length} comments`;
    return html`<details class="thread"><summary>${head}<span class="label done">Resolved</span> by ${person(thread.resolvedBy)} · ${count}</summary>${said}</details>`;
  }
  const bare = !alone && !thread.outdated;
  return html`<div class="thread">${bare ? '' : html`<div class="head">${head}</div>`}${said}</div>`;
}

function commentView(repository: Repository, comment: ReviewComment): Html {
  return html`<div class="said" id="discussion_r${comment.id}"><header>${person(comment.author)} ${moment(comment.createdAt)}</header><div class="text">${markdownOf(repository, comment.body)}</div></div>`;
}

const shownLines = 4;

function lastLines(hunk: string): string {
  return hunk.split('\n').slice(-shownLines).join('\n');
}
