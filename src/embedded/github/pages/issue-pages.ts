import { html } from 'hono/html';
import { closedNumbers } from '../pulls/closing-keywords.ts';
import { commentsOf } from '../render/issue.ts';
import type { Issue } from '../state/issue-state.ts';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import { conversation } from './conversation.ts';
import { moment, page, plural } from './layout.ts';
import type { Html } from './markdown-inline.ts';
import { labelChip, person } from './people.ts';

/** Somebody may still be at work on it. */
export function isLive(repository: Repository): boolean {
  return [...repository.runs.values()].some((run) => run.status !== 'completed');
}

function stateOf(issue: Issue): 'open' | 'closed' | 'merged' | 'draft' {
  if (issue.pull?.merge !== undefined) return 'merged';
  return issue.state === 'open' && issue.pull?.draft === true ? 'draft' : issue.state;
}

const words = { open: 'Open', closed: 'Closed', merged: 'Merged', draft: 'Draft' } as const;

export function stateBadge(issue: Issue): Html {
  const state = stateOf(issue);
  const mark = state === 'closed' && issue.stateReason === 'completed' ? 'merged' : state;
  return html`<span class="badge ${mark}">${words[state]}</span>`;
}

export function issueListPage(repository: Repository, kind: 'issues' | 'pulls'): Html {
  const wanted = [...repository.issues.values()].filter((issue) => (issue.pull === undefined) === (kind === 'issues'));
  const rows = wanted.reverse().map((issue) => issueRow(repository, issue));
  const what = kind === 'issues' ? 'Issues' : 'Pull requests';
  const body = html`<h1>${what}</h1><div class="box">${rows.length === 0 ? html`<div class="empty">None yet.</div>` : rows}</div>`;
  return page({
    title: `${what} · ${repositoryFullName(repository)}`,
    repository,
    tab: kind,
    live: isLive(repository),
    body,
  });
}

export function issueRow(repository: Repository, issue: Issue): Html {
  const path = issue.pull === undefined ? 'issues' : 'pull';
  const said = commentsOf(repository, issue.number).length;
  return html`<div class="row"><span class="dot ${stateOf(issue)}"></span><div class="grow"><a class="title" href="/${repositoryFullName(repository)}/${path}/${issue.number}">${issue.title}</a> ${issue.labels.map(labelChip)}<div class="dim small">#${issue.number} by ${person(issue.author)} ${moment(issue.createdAt)}</div></div><span class="dim small nowrap">${plural(said, 'comment')}</span></div>`;
}

export function issuePage(repository: Repository, issue: Issue): Html {
  const pulls = [...repository.issues.values()].filter(
    (each) => each.pull !== undefined && mentions(each, issue.number),
  );
  const linked =
    pulls.length === 0
      ? ''
      : html`<h2>Pull requests that close it</h2><div class="box">${pulls.map((each) => issueRow(repository, each))}</div>`;
  const said = commentsOf(repository, issue.number).length;
  const body = html`<h1>${issue.title} <span class="number">#${issue.number}</span></h1>
<div class="meta">${stateBadge(issue)}<span>${person(issue.author)} opened this issue ${moment(issue.createdAt)} · ${plural(said, 'comment')}</span> ${issue.labels.map(labelChip)}${issue.assignees.length === 0 ? '' : html`<span>assigned to ${issue.assignees.map(person)}</span>`}</div>
${conversation(repository, issue)}${linked}`;
  const title = `${issue.title} · Issue #${issue.number} · ${repositoryFullName(repository)}`;
  return page({ title, repository, tab: 'issues', live: isLive(repository), body });
}

function mentions(pull: Issue, number: number): boolean {
  return closedNumbers(pull.body ?? '').includes(number);
}
