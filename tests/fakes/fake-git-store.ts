import { EntropyError } from '../../src/domain/error.ts';
import type { CommitInfo, NewCommit, TreeEntry } from '../../src/ports/forge.ts';
import { blobSha, commitSha, type FlatTree, treeSha } from './git-objects.ts';

/** The Git database behind a fake forge: git's own object ids, fast-forward only branches, nothing made up on demand. */
export class FakeGitStore {
  readonly blobs = new Map<string, Uint8Array>();
  readonly trees = new Map<string, FlatTree>();
  readonly commits = new Map<string, CommitInfo & { readonly message: string }>();
  readonly branches = new Map<string, string>();

  addBlob(bytes: Uint8Array): string {
    const sha = blobSha(bytes);
    this.blobs.set(sha, bytes);
    return sha;
  }

  addTree(tree: FlatTree): string {
    const sha = treeSha(tree);
    this.trees.set(sha, tree);
    return sha;
  }

  /** Every commit is a new one, as on a forge that stamps the time: the same content made twice has two ids. */
  addCommit(commit: NewCommit): CommitInfo {
    if (!this.trees.has(commit.treeSha)) notFound(`tree ${commit.treeSha}`);
    for (const parent of commit.parents) this.commit(parent);
    const sha = commitSha({ ...commit, stamp: this.commits.size });
    const info = { sha, treeSha: commit.treeSha, parents: commit.parents, message: commit.message };
    this.commits.set(sha, info);
    return info;
  }

  /** A commit of exactly these files. */
  commitFiles(files: Readonly<Record<string, string | Uint8Array>>, parents: readonly string[] = []): string {
    const entries = Object.entries(files).map(
      ([path, content]) => [path, { mode: '100644', sha: this.addBlob(Buffer.from(content)) }] as const,
    );
    return this.addCommit({ message: 'seed', treeSha: this.addTree(new Map(entries)), parents }).sha;
  }

  layOver(baseTreeSha: string, entries: readonly TreeEntry[]): string {
    const tree = new Map(this.trees.get(baseTreeSha) ?? notFound(`tree ${baseTreeSha}`));
    for (const entry of entries) {
      if (entry.kind === 'delete') {
        if (!tree.delete(entry.path)) notFound(`${entry.path} in tree ${baseTreeSha}`);
        continue;
      }
      if (entry.kind === 'blob') this.blob(entry.sha);
      const sha = entry.kind === 'blob' ? entry.sha : this.addBlob(Buffer.from(entry.content));
      // As git has it: a file takes the place of a folder and of all in it, and the other way round.
      for (const other of tree.keys()) {
        if (other.startsWith(`${entry.path}/`) || entry.path.startsWith(`${other}/`)) tree.delete(other);
      }
      tree.set(entry.path, { mode: entry.mode, sha });
    }
    return this.addTree(tree);
  }

  commit(sha: string): CommitInfo & { readonly message: string } {
    return this.commits.get(sha) ?? notFound(`commit ${sha}`);
  }

  changedPaths(sha: string): readonly string[] {
    const { treeSha, parents } = this.commit(sha);
    const [parent] = parents;
    const before = parent === undefined ? undefined : this.trees.get(this.commit(parent).treeSha);
    const after = this.trees.get(treeSha) ?? notFound(`tree ${treeSha}`);
    const paths = new Set([...(before?.keys() ?? []), ...after.keys()]);
    const same = (path: string) =>
      before?.get(path)?.sha === after.get(path)?.sha && before?.get(path)?.mode === after.get(path)?.mode;
    return [...paths].filter((path) => !same(path));
  }

  pathsBetween(from: string, to: string): readonly string[] {
    const [before, after] = [from, to].map(
      (sha) => this.trees.get(this.commit(sha).treeSha) ?? notFound(`tree of ${sha}`),
    );
    const paths = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
    return [...paths].filter((path) => before?.get(path)?.sha !== after?.get(path)?.sha);
  }

  blob(sha: string): Uint8Array {
    return this.blobs.get(sha) ?? notFound(`blob ${sha}`);
  }

  isAncestor(ancestor: string, sha: string): boolean {
    if (ancestor === sha) return true;
    return (this.commits.get(sha)?.parents ?? []).some((parent) => this.isAncestor(ancestor, parent));
  }

  filesAt(commitSha: string): Record<string, string> {
    const tree = this.trees.get(this.commit(commitSha).treeSha) ?? notFound(`tree of ${commitSha}`);
    return Object.fromEntries([...tree].map(([path, { sha }]) => [path, Buffer.from(this.blob(sha)).toString('utf8')]));
  }
}

export function notFound(what: string): never {
  throw new EntropyError({ code: 'E202', message: `${what} was not found`, fix: 'look at what the test seeds' });
}
