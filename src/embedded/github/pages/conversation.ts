import { html } from 'hono/html';
import { commentsOf } from '../render/issue.ts';
import type { Account } from '../state/accounts.ts';
import type { Issue, Reaction, ReactionContent, TimelineEntry } from '../state/issue-state.ts';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import { moment } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import type { Html } from './markdown-inline.ts';
import { avatar, person } from './people.ts';

const pictures: Readonly<Record<ReactionContent, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
};

interface Said {
  readonly author: Account;
  readonly at: string;
  readonly edited: boolean;
  readonly body: string;
  readonly reactions: readonly Reaction[];
  readonly id: string;
  readonly verb: string;
}

/** Everything that was said and done, in order; equal times stay in the order given. */
export function conversation(repository: Repository, issue: Issue): Html {
  const opening: Said = {
    author: issue.author,
    at: issue.createdAt,
    edited: false,
    body: issue.body ?? '',
    reactions: issue.reactions,
    id: 'top',
    verb: 'opened this',
  };
  const comments: Said[] = commentsOf(repository, issue.number).map((comment) => ({
    author: comment.author,
    at: comment.createdAt,
    edited: comment.updatedAt !== comment.createdAt,
    body: comment.body,
    reactions: comment.reactions,
    id: `issuecomment-${comment.id}`,
    verb: 'commented',
  }));
  const reviews: Said[] = (issue.pull?.reviews ?? [])
    .filter((review) => review.submittedAt !== null && (review.body !== '' || review.state !== 'COMMENTED'))
    .map((review) => ({
      author: review.author,
      at: review.submittedAt ?? '',
      edited: false,
      body: review.body,
      reactions: review.reactions,
      id: `pullrequestreview-${review.id}`,
      verb: reviewVerb(review.state),
    }));
  const entries = [
    ...[...comments, ...reviews].map((said) => ({ at: said.at, html: saidView(repository, said) })),
    ...issue.timeline.map((entry) => ({ at: entry.at, html: lineView(entry) })),
  ];
  entries.sort((one, other) => one.at.localeCompare(other.at));
  return html`${saidView(repository, opening)}${entries.map((entry) => entry.html)}`;
}

function reviewVerb(state: string): string {
  if (state === 'APPROVED') return 'approved these changes';
  return state === 'CHANGES_REQUESTED' ? 'requested changes' : 'reviewed';
}

function saidView(repository: Repository, said: Said): Html {
  const reactions =
    said.reactions.length === 0 ? '' : html`<div class="reactions">${reactionChips(said.reactions)}</div>`;
  const text =
    said.body.trim() === '' ? html`<p class="dim">Nothing was written.</p>` : markdownOf(repository, said.body);
  return html`<div class="talk" id="${said.id}">${avatar(said.author)}<div class="box"><header>${person(said.author)} ${said.verb} ${moment(said.at)}${said.edited ? ' · edited' : ''}</header><div class="text">${text}</div>${reactions}</div></div>`;
}

function reactionChips(reactions: readonly Reaction[]): Html[] {
  const counts = new Map<ReactionContent, number>();
  for (const { content } of reactions) counts.set(content, (counts.get(content) ?? 0) + 1);
  return [...counts].map(([content, count]) => html`<span>${pictures[content]} ${count}</span>`);
}

/** Text of a comment, with `#n` leading to the repository's own issues. */
export function markdownOf(repository: Repository, text: string): Html {
  const base = `/${repositoryFullName(repository)}`;
  return renderMarkdown(text, (number) => {
    const issue = repository.issues.get(number);
    return issue === undefined ? undefined : `${base}/${issue.pull === undefined ? 'issues' : 'pull'}/${number}`;
  });
}

function lineView(entry: TimelineEntry): Html {
  return html`<div class="line">${avatar(entry.actor)}<span>${person(entry.actor)} ${deed(entry)} ${moment(entry.at)}</span></div>`;
}

function deed({ event, detail }: TimelineEntry): Html {
  switch (event) {
    case 'closed':
      return html`closed this${detail === '' ? '' : ` as ${detail.replace('_', ' ')}`}`;
    case 'labeled':
      return html`added the label <b>${detail}</b>`;
    case 'unlabeled':
      return html`removed the label <b>${detail}</b>`;
    case 'milestoned':
      return html`added this to the milestone <b>${detail}</b>`;
    case 'demilestoned':
      return html`removed this from the milestone <b>${detail}</b>`;
    case 'assigned':
      return html`assigned <b>${detail}</b>`;
    case 'unassigned':
      return html`unassigned <b>${detail}</b>`;
    case 'renamed':
      return html`changed the title: ${detail}`;
    case 'head_ref_deleted':
      return html`deleted the branch <span class="branch">${detail}</span>`;
    case 'merged':
      return html`merged this`;
    case 'ready_for_review':
      return html`marked this as ready for review`;
    case 'reopened':
      return html`reopened this`;
    case 'locked':
      return html`locked the conversation${detail === '' ? '' : ` as ${detail}`}`;
    case 'unlocked':
      return html`unlocked the conversation`;
    default:
      return event satisfies never;
  }
}
