import { html } from 'hono/html';
import { type CommitObject, parseTree } from '../git/commit-object.ts';
import { diffFiles, emptyTreeSha } from '../git/diff.ts';
import { encodePath } from '../render/commit.ts';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import { markdownOf } from './conversation.ts';
import { diffView } from './diff-view.ts';
import { issueRow } from './issue-pages.ts';
import { moment, page } from './layout.ts';
import type { Html } from './markdown-inline.ts';

const maxShownBytes = 512 * 1024;

export interface CodePlace {
  readonly ref: string;
  readonly commit: string;
  readonly path: string;
}

/** `main/src/a.ts`, `agent/1/f1-x/src/a.ts`: the shortest start that names a commit is the ref. */
export async function codePlace(repository: Repository, rest: string): Promise<CodePlace | undefined> {
  const parts = rest.split('/').filter(Boolean);
  for (let size = 1; size <= parts.length; size++) {
    const ref = parts.slice(0, size).join('/');
    const commit = await repository.git.resolveCommit(ref);
    if (commit !== undefined) return { ref, commit, path: parts.slice(size).join('/') };
  }
  return undefined;
}

export async function repositoryPage(repository: Repository): Promise<Html> {
  const name = repositoryFullName(repository);
  const commit = await repository.git.branchHead(repository.defaultBranch);
  const branches = await repository.git.refsStartingWith('refs/heads/');
  const recent = [...repository.issues.values()].reverse().slice(0, 8);
  const code =
    commit === undefined
      ? html`<div class="box"><div class="empty">There is no commit yet.</div></div>`
      : await codeBox(repository, commit);
  const body = html`<h1>${name}</h1><div class="meta">${repository.description ?? ''}<span class="branch">${repository.defaultBranch}</span><span>${branches.length} ${branches.length === 1 ? 'branch' : 'branches'}</span></div>
${recent.length === 0 ? '' : html`<div class="box"><header><b>Latest issues and pull requests</b></header>${recent.map((issue) => issueRow(repository, issue))}</div>`}
${code}`;
  return page({ title: name, repository, tab: 'code', body });
}

async function codeBox(repository: Repository, commit: string): Promise<Html> {
  const place = { ref: repository.defaultBranch, commit, path: '' };
  const listing = await folderBox(repository, place);
  const readme = await repository.git.objects.read(`${commit}:README.md`);
  if (readme?.type !== 'blob' || readme.size > maxShownBytes) return listing;
  const text = markdownOf(repository, readme.bytes.toString('utf8'));
  return html`${listing}<div class="box"><header><b>README.md</b></header><div class="text">${text}</div></div>`;
}

async function folderBox(repository: Repository, { ref, commit, path }: CodePlace): Promise<Html> {
  const base = `/${repositoryFullName(repository)}`;
  const [tree, head] = await Promise.all([
    repository.git.objects.read(path === '' ? `${commit}^{tree}` : `${commit}:${path}`),
    repository.git.commit(commit),
  ]);
  const items = tree?.type === 'tree' ? parseTree(tree.bytes) : [];
  const sorted = [...items].sort(
    (one, other) => Number(other.type === 'tree') - Number(one.type === 'tree') || one.path.localeCompare(other.path),
  );
  const rows = sorted.map((item) => {
    const full = encodePath(path === '' ? item.path : `${path}/${item.path}`);
    const folder = item.type === 'tree';
    return html`<div class="row"><span class="dim">${folder ? '▸' : '·'}</span><a class="grow" href="${base}/${folder ? 'tree' : 'blob'}/${encodePath(ref)}/${full}">${item.path}${folder ? '/' : ''}</a></div>`;
  });
  return html`<div class="box"><header>${head === undefined ? '' : commitLine(base, head)}</header>${rows}</div>`;
}

function commitLine(base: string, commit: CommitObject): Html {
  return html`<b>${commit.author.name}</b> ${commit.message.split('\n', 1)[0]}<span class="right"><a class="mono" href="${base}/commit/${commit.sha}">${commit.sha.slice(0, 7)}</a> ${moment(commit.committer.date)}</span>`;
}

export async function codePage(repository: Repository, place: CodePlace): Promise<Html | undefined> {
  const name = repositoryFullName(repository);
  const object = await repository.git.objects.info(
    place.path === '' ? `${place.commit}^{tree}` : `${place.commit}:${place.path}`,
  );
  if (object === undefined) return undefined;
  const heading = html`<h1 class="mono">${place.path === '' ? name : place.path}</h1><div class="meta"><span class="branch">${place.ref}</span></div>`;
  const content =
    object.type === 'tree' ? await folderBox(repository, place) : await fileBox(repository, place, object.size);
  return page({ title: `${place.path} · ${name}`, repository, tab: 'code', body: html`${heading}${content}` });
}

async function fileBox(repository: Repository, { ref, commit, path }: CodePlace, size: number): Promise<Html> {
  const raw = `/${repositoryFullName(repository)}/raw/${encodePath(ref)}/${encodePath(path)}`;
  const header = html`<header>${size} bytes<span class="right"><a href="${raw}">raw</a></span></header>`;
  const blob = size > maxShownBytes ? undefined : await repository.git.objects.read(`${commit}:${path}`);
  const binary = blob?.bytes.subarray(0, 8000).includes(0) === true;
  if (blob === undefined || binary) {
    return html`<div class="box">${header}<div class="empty">${binary ? 'Binary file.' : 'Too large to be shown.'}</div></div>`;
  }
  const lines = blob.bytes.toString('utf8').replace(/\n$/, '').split('\n');
  const rows = lines.map((line, index) => html`<tr><td class="n">${index + 1}</td><td>${line}</td></tr>`);
  return html`<div class="box">${header}<div class="scroll"><table class="code">${rows}</table></div></div>`;
}

export async function commitPage(repository: Repository, sha: string): Promise<Html | undefined> {
  const commit = await repository.git.commit(sha);
  if (commit === undefined) return undefined;
  const files = await diffFiles(repository.git, commit.parents[0] ?? emptyTreeSha, sha);
  const [title = '', ...rest] = commit.message.split('\n');
  const text = rest.join('\n').trim();
  const body = html`<h1>${title}</h1><div class="meta"><b>${commit.author.name}</b> ${moment(commit.author.date)} <span class="mono">${sha}</span></div>
${text === '' ? '' : html`<div class="box"><div class="text"><pre>${text}</pre></div></div>`}${diffView(files)}`;
  return page({ title: `${title} · ${repositoryFullName(repository)}`, repository, tab: 'code', body });
}
