import { parseTree } from '../git/commit-object.ts';
import { writeCommit } from '../git/history.ts';
import { isSha } from '../git/ref-name.ts';
import { writeBlobs } from '../git/write-tree.ts';
import { GitHubProblem, notFound, unprocessable } from '../http/problem.ts';
import { created, ok, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { apiSignature, signatureOf } from '../identity/commit-author.ts';
import { gitNodeId, renderGitCommit } from '../render/commit.ts';
import { repositoryApiUrl } from '../render/repository.ts';
import { createTree, renderTree } from './git-trees.ts';

const git = '/repos/{owner}/{repo}/git';
const maxBlobBytes = 100 * 1024 * 1024;

export const gitObjectRoutes: readonly Route[] = [
  repositoryRoute(`GET ${git}/blobs/{file_sha}`, readers('contents'), readBlob),
  repositoryRoute(`POST ${git}/blobs`, writers('write', 'contents'), createBlob),
  repositoryRoute(`GET ${git}/trees/{tree_sha}`, readers('contents'), readTree),
  repositoryRoute(`POST ${git}/trees`, writers('write', 'contents'), createTree),
  repositoryRoute(`GET ${git}/commits/{commit_sha}`, readers('contents'), async (call) => {
    const commit = await call.repository.git.commit(param(call, 'commit_sha'));
    if (commit === undefined) throw notFound();
    return ok(renderGitCommit(call.world, call.repository, commit));
  }),
  repositoryRoute(`POST ${git}/commits`, writers('write', 'contents'), createCommit),
];

async function readBlob(call: RepositoryCall) {
  const sha = param(call, 'file_sha');
  const info = isSha(sha) ? await call.repository.git.objects.info(sha) : undefined;
  if (info?.type !== 'blob') throw notFound();
  if (info.size > maxBlobBytes) throw new GitHubProblem(403, 'This API returns blobs up to 100 MB in size.');
  const blob = await call.repository.git.objects.read(sha);
  if (blob === undefined) throw notFound();
  if (/[.+]raw(\+json)?/.test(call.accept)) {
    const bytes = new Uint8Array(blob.bytes);
    return { status: 200, bytes, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' } };
  }
  // GitHub breaks base64 into lines of 60 characters.
  const content = blob.bytes.toString('base64').replaceAll(/(.{60})/g, '$1\n');
  return ok({ ...blobFields(call, sha), content, encoding: 'base64', size: blob.size });
}

function blobFields(call: RepositoryCall, sha: string) {
  const url = `${repositoryApiUrl(call.world, call.repository)}/git/blobs/${sha}`;
  return { sha, node_id: gitNodeId('Blob', call.repository, sha), url };
}

async function createBlob(call: RepositoryCall) {
  const content = call.body.string('content');
  const encoding = call.body.oneOf('encoding', ['utf-8', 'base64']) ?? 'utf-8';
  if (encoding === 'base64' && !isBase64(content)) throw unprocessable('Content is not valid base64');
  const [sha = ''] = await writeBlobs(call.repository.git, [Buffer.from(content, encoding)]);
  const { url } = blobFields(call, sha);
  return created({ sha, url }, url);
}

/** Line breaks are allowed, nothing else that is foreign to base64. */
export function isBase64(text: string): boolean {
  const dense = text.replaceAll(/\s/g, '');
  return dense.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(dense);
}

async function readTree(call: RepositoryCall) {
  const name = param(call, 'tree_sha');
  const { repository } = call;
  const commit = isSha(name) ? undefined : await repository.git.resolveCommit(name);
  const tree = await repository.git.objects.read(`${commit ?? (isSha(name) ? name : '')}^{tree}`);
  if (tree === undefined) throw notFound();
  const recursive = call.query.get('recursive');
  const deep = recursive !== null && recursive !== '';
  return ok(await renderTree(call, { sha: tree.sha, items: parseTree(tree.bytes), deep }));
}

async function createCommit(call: RepositoryCall) {
  const { repository, body, world, actor } = call;
  const message = body.string('message');
  const tree = body.string('tree');
  const parents = body.optionalStrings('parents') ?? [];
  const info = isSha(tree) ? await repository.git.objects.info(tree) : undefined;
  if (info?.type !== 'tree') throw unprocessable('Tree SHA does not exist');
  for (const parent of parents) {
    const commit = isSha(parent) ? await repository.git.objects.info(parent) : undefined;
    if (commit?.type !== 'commit') throw unprocessable('Parent SHA does not exist or is not a commit object');
  }
  const fallback = signatureOf(accountOf(actor), world);
  const author = body.has('author') ? apiSignature(body.object('author'), fallback) : fallback;
  const committer = body.has('committer') ? apiSignature(body.object('committer'), author) : author;
  const sha = await writeCommit(repository.git, { tree, parents: [...new Set(parents)], message, author, committer });
  const commit = await repository.git.commit(sha);
  if (commit === undefined) throw notFound();
  const rendered = renderGitCommit(world, repository, commit);
  return created(rendered, rendered.url);
}
