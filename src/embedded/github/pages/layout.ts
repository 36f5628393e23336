import { html } from 'hono/html';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import type { Html } from './markdown-inline.ts';

export type Tab = 'code' | 'issues' | 'pulls' | 'actions';

export interface PageFrame {
  readonly title: string;
  readonly repository?: Repository;
  readonly tab?: Tab;
  /** Something here is still going on: the page loads itself again. */
  readonly live?: boolean;
  readonly body: Html;
}

export function page({ title, repository, tab, live, body }: PageFrame): Html {
  const refresh = live === true ? html`<meta http-equiv="refresh" content="2">` : '';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
<title>${title}</title><link rel="stylesheet" href="/_style.css"><link rel="icon" href="/_avatars/0.svg">
</head>
<body>
<div class="top"><div><a class="mark" href="/" aria-label="All repositories"></a><div class="crumbs">${crumbs(repository)}</div>
<span class="note">embedded GitHub · only on this machine</span></div>${repository === undefined ? '' : tabs(repository, tab)}</div>
<main>${body}</main>
<footer>The embedded GitHub of entropy-playground. Everything but git is forgotten when it stops. <a href="/_inspector">requests</a></footer>
</body></html>`;
}

function crumbs(repository: Repository | undefined): Html {
  if (repository === undefined) return html`<a href="/">Repositories</a>`;
  const lock = repository.private ? html` <span class="label">private</span>` : '';
  return html`<a href="/">${repository.owner.login}</a><i>/</i><a href="/${repositoryFullName(repository)}">${repository.name}</a>${lock}`;
}

function tabs(repository: Repository, here: Tab | undefined): Html {
  const base = `/${repositoryFullName(repository)}`;
  const all = [...repository.issues.values()].filter((issue) => issue.state === 'open');
  const pulls = all.filter((issue) => issue.pull !== undefined).length;
  const tab = (name: Tab, text: string, path: string) =>
    html`<a class="${here === name ? 'here' : ''}" href="${base}${path}">${text}</a>`;
  return html`<nav class="tabs">${tab('code', 'Code', '')}${tab('issues', `Issues ${all.length - pulls}`, '/issues')}${tab('pulls', `Pull requests ${pulls}`, '/pulls')}${tab('actions', `Actions ${repository.runs.size}`, '/actions')}</nav>`;
}

/** `2026-11-21 10:22 UTC`. */
export function moment(at: string): Html {
  return html`<time class="nowrap" datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 16)} UTC</time>`;
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
