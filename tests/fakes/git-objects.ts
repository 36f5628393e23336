import { createHash } from 'node:crypto';

/** Object ids as git computes them, so that fakes speak real shas: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function objectSha(type: 'blob' | 'tree' | 'commit', body: Uint8Array): string {
  return createHash('sha1').update(`${type} ${body.length}\0`).update(body).digest('hex');
}

export function blobSha(content: Uint8Array | string): string {
  return objectSha('blob', Buffer.from(content));
}

/** A whole tree, flat: path → mode and blob. */
export type FlatTree = ReadonlyMap<string, { readonly mode: string; readonly sha: string }>;

interface Folder {
  readonly files: Map<string, { mode: string; sha: string }>;
  readonly folders: Map<string, Folder>;
}

/** The sha of the nested tree objects that a flat tree stands for. Empty folders do not exist in git. */
export function treeSha(tree: FlatTree): string {
  const root: Folder = { files: new Map(), folders: new Map() };
  for (const [path, entry] of tree) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = root;
    for (const part of parts) {
      const next: Folder = folder.folders.get(part) ?? { files: new Map(), folders: new Map() };
      folder.folders.set(part, next);
      folder = next;
    }
    folder.files.set(name, { ...entry });
  }
  return folderSha(root);
}

function folderSha(folder: Folder): string {
  const entries = [
    ...[...folder.files].map(([name, { mode, sha }]) => ({ key: name, name, mode, sha })),
    ...[...folder.folders].map(([name, sub]) => ({ key: `${name}/`, name, mode: '40000', sha: folderSha(sub) })),
  ].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  const parts = entries.map(({ mode, name, sha }) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')]),
  );
  return objectSha('tree', Buffer.concat(parts));
}

export function commitSha(commit: {
  message: string;
  treeSha: string;
  parents: readonly string[];
  stamp: number;
}): string {
  const who = `entropy[bot] <entropy@example.test> ${1_700_000_000 + commit.stamp} +0000`;
  const lines = [
    `tree ${commit.treeSha}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${who}`,
    `committer ${who}`,
    '',
    commit.message,
  ];
  return objectSha('commit', Buffer.from(lines.join('\n')));
}
