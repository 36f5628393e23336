import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BareRepository } from './bare-repository.ts';

export type TreeMode = '100644' | '100755' | '040000' | '160000' | '120000';

export type TreeChange =
  | { readonly kind: 'object'; readonly path: string; readonly mode: TreeMode; readonly sha: string }
  | { readonly kind: 'content'; readonly path: string; readonly mode: TreeMode; readonly content: Uint8Array }
  | { readonly kind: 'delete'; readonly path: string };

/** Stores bytes as blobs, all with one git process; the answers are in the order of the question. */
export async function writeBlobs(git: BareRepository, contents: readonly Uint8Array[]): Promise<string[]> {
  if (contents.length === 0) return [];
  if (contents.length === 1) {
    return [await git.text(['hash-object', '-w', '--stdin'], { stdin: contents[0] ?? new Uint8Array() })];
  }
  const folder = await mkdtemp(join(git.dir, 'incoming-'));
  try {
    const paths = contents.map((_, index) => join(folder, String(index)));
    await Promise.all(contents.map((content, index) => writeFile(paths[index] ?? '', content)));
    const stdin = `${paths.join('\n')}\n`;
    return (await git.text(['hash-object', '-w', '--no-filters', '--stdin-paths'], { stdin })).split('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A tree that is `base` with the changes laid over it, in order. Works through an index of its own, so that git does
 * what git does: a file that becomes a folder replaces it, and only the changed folders are written.
 */
export async function writeTree(
  git: BareRepository,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const index = join(git.dir, `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  const contents = changes.flatMap((change) => (change.kind === 'content' ? [change.content] : []));
  const written = await writeBlobs(git, contents);
  try {
    await git.run(base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], { env });
    const lines: string[] = [];
    for (const change of changes) {
      if (change.kind === 'delete') {
        lines.push(...(await removal(git, env, change.path)));
      } else if (change.kind === 'content') {
        lines.push(`${change.mode} ${written.shift() ?? ''}\t${change.path}`);
      } else if (change.mode === '040000') {
        lines.push(...(await removal(git, env, change.path)));
        lines.push(...(await leaves(git, change.path, change.sha)));
      } else {
        lines.push(`${change.mode} ${change.sha}\t${change.path}`);
      }
    }
    const stdin = lines.map((line) => `${line}\0`).join('');
    await git.run(['update-index', '-z', '--add', '--replace', '--index-info'], { env, stdin });
    return await git.text(['write-tree'], { env });
  } finally {
    await rm(index, { force: true });
  }
}

/** Takes out a file, or a folder with all that is in it. */
async function removal(git: BareRepository, env: Record<string, string>, path: string): Promise<string[]> {
  const listed = await git.run(['--literal-pathspecs', 'ls-files', '-z', '--cached', '--', path], { env });
  const paths = listed.stdout.toString('utf8').split('\0').filter(Boolean);
  return paths.map((each) => `0 ${'0'.repeat(40)}\t${each}`);
}

async function leaves(git: BareRepository, path: string, tree: string): Promise<string[]> {
  const listed = await git.run(['ls-tree', '-r', '-z', tree]);
  const rows = listed.stdout.toString('utf8').split('\0').filter(Boolean);
  return rows.map((row) => {
    const [meta = '', name = ''] = row.split('\t', 2);
    const [mode = '', , sha = ''] = meta.split(' ');
    return `${mode} ${sha}\t${path}/${name}`;
  });
}
