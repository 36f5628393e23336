import { html } from 'hono/html';
import type { CommitObject } from '../git/commit-object.ts';
import type { FileChange } from '../git/diff.ts';
import type { PullFigures } from '../pulls/pull-figures.ts';
import { threadsOf } from '../pulls/review-threads.ts';
import { checksOf } from '../runs/job-checks.ts';
import type { PullIssue } from '../state/issue-state.ts';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import type { CheckRun } from '../state/run-state.ts';
import type { World } from '../world.ts';
import { conversation } from './conversation.ts';
import { diffView } from './diff-view.ts';
import { isLive, stateBadge } from './issue-pages.ts';
import { moment, page, plural } from './layout.ts';
import type { Html } from './markdown-inline.ts';
import { labelChip, person } from './people.ts';
import { threadsOnLine, threadsOnNoLine } from './thread-view.ts';

export interface PullPageParts {
  readonly issue: PullIssue;
  readonly figures: PullFigures;
  readonly files: readonly FileChange[];
  readonly commits: readonly CommitObject[];
}

export function pullPage(
  world: World,
  repository: Repository,
  { issue, figures, files, commits }: PullPageParts,
): Html {
  const { head, base, merge } = issue.pull;
  const threads = threadsOf(issue);
  const verb = merge === undefined ? 'wants to merge' : 'merged';
  const base_ = `/${repositoryFullName(repository)}`;
  const commitRows = commits.map(
    (commit) =>
      html`<div class="row"><div class="grow"><a class="title" href="${base_}/commit/${commit.sha}">${firstLine(commit.message)}</a> <span class="dim small">${commit.author.name}</span></div><a class="mono dim" href="${base_}/commit/${commit.sha}">${commit.sha.slice(0, 7)}</a></div>`,
  );
  const body = html`<h1>${issue.title} <span class="number">#${issue.number}</span></h1>
<div class="meta">${stateBadge(issue)}<span>${person(issue.author)} ${verb} ${plural(commits.length, 'commit')} into <span class="branch">${base.ref}</span> from <span class="branch">${head.ref}</span></span> ${issue.labels.map(labelChip)}<span class="right nowrap"><span class="plus">+${figures.additions}</span> <span class="minus">−${figures.deletions}</span></span></div>
${conversation(repository, issue)}
<div class="box">${standing(issue, figures)}${checkRows(world, repository, head.sha)}</div>
<h2>${plural(commits.length, 'commit')}</h2><div class="box">${commitRows}</div>
<h2>${plural(figures.changedFiles, 'file')} changed <span class="plus">+${figures.additions}</span> <span class="minus">−${figures.deletions}</span> <a class="small" href="${base_}/pull/${issue.number}.diff">.diff</a></h2>
${diffView(files, (path, side, line) => threadsOnLine(repository, threads, { path, side, line }))}
${threadsOnNoLine(repository, threads)}`;
  const title = `${issue.title} · Pull request #${issue.number} · ${repositoryFullName(repository)}`;
  return page({ title, repository, tab: 'pulls', live: isLive(repository), body });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function standing(issue: PullIssue, figures: PullFigures): Html {
  const { merge, draft, base } = issue.pull;
  if (merge !== undefined) {
    return html`<div class="notice good">Merged by ${person(merge.by)} ${moment(merge.at)} as <code>${merge.sha.slice(0, 7)}</code>.</div>`;
  }
  if (issue.state === 'closed') return html`<div class="notice">Closed without being merged.</div>`;
  if (figures.mergeable === false)
    return html`<div class="notice bad">There are conflicts with <b>${base.ref}</b>.</div>`;
  return draft
    ? html`<div class="notice wait">This is a draft. It has no conflicts with <b>${base.ref}</b>.</div>`
    : html`<div class="notice good">No conflicts with <b>${base.ref}</b>: it can be merged.</div>`;
}

function checkRows(world: World, repository: Repository, sha: string): Html[] {
  const checks = checksOf({ world, repository }, sha);
  const statuses = repository.statuses.filter(
    (status, index, all) =>
      status.sha === sha && all.findIndex((each) => each.sha === sha && each.context === status.context) === index,
  );
  return [
    ...checks.map((check) =>
      checkRow(check.conclusion ?? check.status, checkName(world, check), check.output.title ?? ''),
    ),
    ...statuses.map((status) => checkRow(status.state, html`${status.context}`, status.description ?? '')),
  ];
}

/** Leads to places of this server only: Apps write any address there. */
function checkName({ webUrl }: World, { name, detailsUrl }: CheckRun): Html {
  const own = detailsUrl?.startsWith(`${webUrl}/`) === true;
  return own ? html`<a href="${detailsUrl}">${name}</a>` : html`${name}`;
}

function checkRow(state: string, name: Html, detail: string): Html {
  return html`<div class="row"><span class="dot ${state}"></span><div class="grow"><b>${name}</b> <span class="dim">${detail}</span></div><span class="dim small">${state.replace('_', ' ')}</span></div>`;
}
