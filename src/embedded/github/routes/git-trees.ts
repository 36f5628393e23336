import { parseTree, type TreeItem } from '../git/commit-object.ts';
import { isSha } from '../git/ref-name.ts';
import { type TreeChange, type TreeMode, writeTree } from '../git/write-tree.ts';
import type { BodyFields } from '../http/body-fields.ts';
import { GitHubProblem, notFound, unprocessable } from '../http/problem.ts';
import { created, type RepositoryCall } from '../http/route.ts';
import { repositoryApiUrl } from '../render/repository.ts';

const modes: Readonly<Record<TreeMode, 'blob' | 'tree' | 'commit'>> = {
  '100644': 'blob',
  '100755': 'blob',
  '120000': 'blob',
  '040000': 'tree',
  '160000': 'commit',
};
/** GitHub cuts a recursive listing here and says so. */
const maxEntries = 100_000;

export interface TreeListing {
  readonly sha: string;
  readonly items: readonly TreeItem[];
  readonly deep: boolean;
}

export async function renderTree(call: RepositoryCall, listing: TreeListing) {
  const { git } = call.repository;
  const api = repositoryApiUrl(call.world, call.repository);
  const all: TreeItem[] = [];
  const walk = async (items: readonly TreeItem[], prefix: string): Promise<void> => {
    for (const item of items) {
      if (all.length >= maxEntries) return;
      all.push({ ...item, path: `${prefix}${item.path}` });
      if (!listing.deep || item.type !== 'tree') continue;
      const object = await git.objects.read(item.sha);
      if (object !== undefined) await walk(parseTree(object.bytes), `${prefix}${item.path}/`);
    }
  };
  await walk(listing.items, '');
  const tree = await Promise.all(
    all.map(async (item) => {
      const size = item.type === 'blob' ? (await git.objects.info(item.sha))?.size : undefined;
      const url = item.type === 'commit' ? {} : { url: `${api}/git/${item.type}s/${item.sha}` };
      return { ...item, ...(size === undefined ? {} : { size }), ...url };
    }),
  );
  return { sha: listing.sha, url: `${api}/git/trees/${listing.sha}`, tree, truncated: all.length >= maxEntries };
}

export async function createTree(call: RepositoryCall) {
  const { repository, body } = call;
  const base = body.optionalString('base_tree');
  const entries = body.objects('tree');
  if (!body.has('tree')) throw new GitHubProblem(422, 'Invalid request.\n\n"tree" wasn\'t supplied.');
  const baseTree = base === undefined ? undefined : await treeOf(call, base);
  const changes = await Promise.all(entries.map((entry) => readEntry(call, entry)));
  await checkDeletions(call, baseTree, changes);
  const sha = await writeTree(repository.git, baseTree, changes);
  const object = await repository.git.objects.read(sha);
  if (object === undefined) throw notFound();
  const rendered = await renderTree(call, { sha, items: parseTree(object.bytes), deep: false });
  return created(rendered, rendered.url);
}

/** GitHub takes a commit where it asks for a tree. */
async function treeOf(call: RepositoryCall, sha: string): Promise<string> {
  const tree = isSha(sha) ? await call.repository.git.objects.info(`${sha}^{tree}`) : undefined;
  if (tree === undefined) throw unprocessable('base_tree is not a valid tree oid');
  return tree.sha;
}

async function readEntry(call: RepositoryCall, entry: BodyFields): Promise<TreeChange> {
  const path = entry.string('path');
  checkPath(path);
  const mode = entry.oneOf('mode', Object.keys(modes) as TreeMode[]);
  const type = entry.oneOf('type', ['blob', 'tree', 'commit']);
  const sha = entry.nullableString('sha');
  const content = entry.optionalString('content');
  if (sha === null) return { kind: 'delete', path };
  if (mode === undefined) throw unprocessable('tree.mode must be one of 100644, 100755, 040000, 160000, 120000');
  if (type !== undefined && type !== modes[mode])
    throw unprocessable(`tree.type ${type} does not fit tree.mode ${mode}`);
  if (content !== undefined && sha === undefined && modes[mode] === 'blob') {
    return { kind: 'content', path, mode, content: Buffer.from(content, 'utf8') };
  }
  if (sha === undefined || content !== undefined) {
    throw unprocessable('Must supply either tree.sha or tree.content, and tree.content for blobs only');
  }
  if (!isSha(sha)) throw unprocessable(`tree.sha ${sha} is not a valid ${modes[mode]}`);
  const info = modes[mode] === 'commit' ? undefined : await call.repository.git.objects.info(sha);
  if (modes[mode] !== 'commit' && info?.type !== modes[mode])
    throw unprocessable(`tree.sha ${sha} is not a valid ${modes[mode]}`);
  return { kind: 'object', path, mode, sha };
}

/** What git itself would refuse to check out. */
export function checkPath(path: string): void {
  const malformed = path
    .split('/')
    .some((part) => part === '' || part === '.' || part === '..' || /^\.git$/i.test(part));
  if (malformed || path.includes('\0')) throw unprocessable('tree.path contains a malformed path component');
}

async function checkDeletions(call: RepositoryCall, base: string | undefined, changes: readonly TreeChange[]) {
  for (const change of changes) {
    if (change.kind !== 'delete') continue;
    const there = base === undefined ? undefined : await call.repository.git.objects.info(`${base}:${change.path}`);
    if (there === undefined) throw unprocessable(`GitRPC::BadObjectState: ${change.path} is not in the base tree`);
  }
}
