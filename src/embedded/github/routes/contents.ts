import { parseTree, type TreeItem } from '../git/commit-object.ts';
import { writeCommit } from '../git/history.ts';
import { branchRef, zeroSha } from '../git/ref-name.ts';
import { type TreeChange, type TreeMode, writeTree } from '../git/write-tree.ts';
import { conflict, GitHubProblem, notFound, unprocessable } from '../http/problem.ts';
import { type Answer, created, ok, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { apiSignature, gitHubSignature, signatureOf } from '../identity/commit-author.ts';
import { followRef } from '../pulls/follow-ref.ts';
import { encodePath, renderGitCommit } from '../render/commit.ts';
import { repositoryApiUrl, repositoryWebUrl } from '../render/repository.ts';
import { isBase64 } from './git-objects.ts';
import { checkPath } from './git-trees.ts';

const contents = '/repos/{owner}/{repo}/contents/{path}';
const maxInlineBytes = 1024 * 1024;
const maxBytes = 100 * 1024 * 1024;

export const contentRoutes: readonly Route[] = [
  repositoryRoute(`GET ${contents}`, readers('contents'), readContents),
  repositoryRoute(`PUT ${contents}`, writers('write', 'contents'), (call) => writeFile(call, 'put')),
  repositoryRoute(`DELETE ${contents}`, writers('write', 'contents'), (call) => writeFile(call, 'delete')),
];

function pathOf(call: RepositoryCall): string {
  return (call.params['path'] ?? '').replace(/^\/+|\/+$/g, '');
}

async function readContents(call: RepositoryCall): Promise<Answer> {
  const { git, defaultBranch } = call.repository;
  const ref = call.query.get('ref') ?? defaultBranch;
  const commit = await git.resolveCommit(ref);
  if (commit === undefined) throw new GitHubProblem(404, `No commit found for the ref ${ref}`);
  const path = pathOf(call);
  const object = await git.objects.info(path === '' ? `${commit}^{tree}` : `${commit}:${path}`);
  if (object === undefined) throw notFound();
  if (object.type === 'tree') {
    const tree = await git.objects.read(object.sha);
    const items = tree === undefined ? [] : parseTree(tree.bytes);
    return ok(await Promise.all(items.map((item) => renderEntry(call, ref, path, item))));
  }
  if (object.size > maxBytes) throw new GitHubProblem(403, 'This API returns blobs up to 100 MB in size.');
  const blob = await git.objects.read(object.sha);
  if (blob === undefined) throw notFound();
  if (/[.+]raw(\+json)?/.test(call.accept)) {
    const bytes = new Uint8Array(blob.bytes);
    return { status: 200, bytes, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  }
  const inline = blob.size <= maxInlineBytes;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const base64 = blob.bytes.toString('base64').replaceAll(/(.{60})/g, '$1\n');
  return ok({
    ...fields(call, { path, name, sha: blob.sha, type: 'file', ref }),
    size: blob.size,
    content: inline ? base64 : '',
    encoding: inline ? 'base64' : 'none',
  });
}

interface Entry {
  readonly path: string;
  readonly name: string;
  readonly sha: string;
  readonly type: 'file' | 'dir' | 'submodule';
  readonly ref: string;
}

function fields(call: RepositoryCall, entry: Entry) {
  const api = repositoryApiUrl(call.world, call.repository);
  const html = repositoryWebUrl(call.world, call.repository);
  const path = encodePath(entry.path);
  const ref = encodePath(entry.ref);
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(entry.ref)}`;
  const git = `${api}/git/${entry.type === 'dir' ? 'trees' : 'blobs'}/${entry.sha}`;
  const page = `${html}/${entry.type === 'dir' ? 'tree' : 'blob'}/${ref}/${path}`;
  return {
    name: entry.name,
    path: entry.path,
    sha: entry.sha,
    size: 0,
    url,
    html_url: page,
    git_url: git,
    download_url: entry.type === 'file' ? `${html}/raw/${ref}/${path}` : null,
    type: entry.type,
    _links: { self: url, git, html: page },
  };
}

async function renderEntry(call: RepositoryCall, ref: string, folder: string, item: TreeItem) {
  const type = item.type === 'tree' ? 'dir' : item.type === 'commit' ? 'submodule' : 'file';
  const size = item.type === 'blob' ? ((await call.repository.git.objects.info(item.sha))?.size ?? 0) : 0;
  const path = folder === '' ? item.path : `${folder}/${item.path}`;
  return { ...fields(call, { path, name: item.path, sha: item.sha, type, ref }), size };
}

async function writeFile(call: RepositoryCall, action: 'put' | 'delete'): Promise<Answer> {
  const { repository, body, world, actor } = call;
  const { git } = repository;
  const path = pathOf(call);
  checkPath(path);
  const message = body.string('message');
  const branch = body.optionalString('branch') ?? repository.defaultBranch;
  const given = body.optionalString('sha');
  const head = await git.branchHead(branch);
  const empty = await git.isEmpty();
  if (head === undefined && !empty) throw new GitHubProblem(404, `Branch ${branch} not found`);
  const there = head === undefined ? undefined : await git.objects.info(`${head}:${path}`);
  if (there?.type === 'tree') throw unprocessable(`${path} is a folder`);
  if (action === 'delete' && there === undefined) throw notFound();
  if (there !== undefined && given === undefined) throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.');
  const stale = given !== undefined && given !== there?.sha;
  if (stale) throw conflict(`${path} does not match ${given}`);

  const change = action === 'delete' ? ({ kind: 'delete', path } as const) : await putChange(call, head, path);
  const tree = await writeTree(git, head, [change]);
  const fallback = actor.kind === 'user' ? gitHubSignature(world) : signatureOf(accountOf(actor), world);
  const author = body.has('author')
    ? apiSignature(body.object('author'), fallback)
    : signatureOf(accountOf(actor), world);
  const committer = body.has('committer') ? apiSignature(body.object('committer'), author) : fallback;
  const parents = head === undefined ? [] : [head];
  const sha = await writeCommit(git, { tree, parents, message, author, committer });
  const outcome = await git.updateRef(branchRef(branch), sha, head ?? zeroSha);
  if (outcome === 'conflict') throw conflict(`${branch} was changed at the same time`);
  await followRef(call, { ref: branchRef(branch), before: head ?? zeroSha, after: sha });
  const commit = await git.commit(sha);
  if (commit === undefined) throw notFound();
  const blob = action === 'delete' ? undefined : await git.objects.info(`${sha}:${path}`);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const content = blob && {
    ...fields(call, { path, name, sha: blob.sha, type: 'file', ref: branch }),
    size: blob.size,
  };
  const json = { content: content ?? null, commit: renderGitCommit(world, repository, commit) };
  return there === undefined ? created(json) : ok(json);
}

async function putChange(call: RepositoryCall, head: string | undefined, path: string): Promise<TreeChange> {
  const content = call.body.string('content');
  if (!isBase64(content)) throw unprocessable('content is not valid Base64');
  const mode = head === undefined ? undefined : await modeOf(call, head, path);
  return { kind: 'content', path, mode: mode ?? '100644', content: Buffer.from(content, 'base64') };
}

/** A file keeps its mode when its content is replaced. */
async function modeOf(call: RepositoryCall, commit: string, path: string): Promise<TreeMode | undefined> {
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? `${commit}^{tree}` : `${commit}:${path.slice(0, slash)}`;
  const tree = await call.repository.git.objects.read(folder);
  if (tree?.type !== 'tree') return undefined;
  const mode = parseTree(tree.bytes).find((item) => item.path === path.slice(slash + 1))?.mode;
  return mode === '100755' || mode === '120000' ? mode : undefined;
}
