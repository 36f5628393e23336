import type { BareRepository } from './bare-repository.ts';

export interface FileChange {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  /** Of the new side; of the old side when the file is gone. */
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** The hunks, from the first `@@`; undefined for binary files, pure renames and patches that GitHub leaves out. */
  readonly patch: string | undefined;
}

/** GitHub leaves the patch of one file out beyond this. */
const maxPatchBytes = 1024 * 1024;
const diffFlags = ['--no-ext-diff', '--no-textconv', '--no-color', '--ignore-submodules=none', '-M'];
/** The tree that has nothing in it: what a first commit is compared with. */
export const emptyTreeSha = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What changed from one tree-ish to another, as GitHub lists it. */
export async function diffFiles(git: BareRepository, from: string, to: string): Promise<FileChange[]> {
  const listing = await git.run(['diff-tree', '-r', '-z', '--raw', '--numstat', ...diffFlags, from, to]);
  const { raw, stats } = parseListing(listing.stdout.toString('utf8'));
  if (raw.length === 0) return [];
  const patches = splitPatches(await diffText(git, from, to));
  return raw.map((change, index) => {
    const { additions, deletions } = stats[index] ?? { additions: 0, deletions: 0 };
    // A file that became a symlink is written as two: the old one gone, the new one there.
    const texts = patches.splice(0, change.status === 'changed' ? 2 : 1);
    const patch = texts.filter((text) => text !== '').join('\n');
    return { ...change, additions, deletions, patch: patch === '' ? undefined : patch };
  });
}

/** The unified diff, byte for byte as git writes it (as text). */
export async function diffText(git: BareRepository, from: string, to: string): Promise<string> {
  const exit = await git.run(['diff-tree', '-r', '-p', ...diffFlags, from, to]);
  return exit.stdout.toString('utf8');
}

export async function diffStat(
  git: BareRepository,
  from: string,
  to: string,
): Promise<{ files: number; additions: number; deletions: number }> {
  const out = await git.text(['diff-tree', '-r', '-M', '--shortstat', '--no-ext-diff', from, to]);
  const count = (pattern: RegExp) => Number(pattern.exec(out)?.[1] ?? 0);
  return { files: count(/(\d+) file/), additions: count(/(\d+) insertion/), deletions: count(/(\d+) deletion/) };
}

type RawChange = Pick<FileChange, 'path' | 'previousPath' | 'status' | 'sha'>;

function parseListing(text: string): { raw: RawChange[]; stats: { additions: number; deletions: number }[] } {
  const fields = text.split('\0');
  const raw: RawChange[] = [];
  const stats: { additions: number; deletions: number }[] = [];
  let at = 0;
  while (at < fields.length) {
    const field = fields[at++] ?? '';
    if (field === '') continue;
    if (field.startsWith(':')) {
      const [, , oldSha = '', newSha = '', letter = ''] = field.split(' ');
      const first = fields[at++] ?? '';
      const moved = letter.startsWith('R') || letter.startsWith('C');
      const path = moved ? (fields[at++] ?? '') : first;
      const sha = letter === 'D' ? oldSha : newSha;
      raw.push({ path, previousPath: moved ? first : undefined, status: statusOf(letter), sha });
      continue;
    }
    const [added = '0', removed = '0', path = ''] = field.split('\t');
    // With -z a rename's two names follow as fields of their own.
    if (path === '') at += 2;
    stats.push({ additions: Number(added) || 0, deletions: Number(removed) || 0 });
  }
  return { raw, stats };
}

function statusOf(letter: string): FileChange['status'] {
  switch (letter.charAt(0)) {
    case 'A':
      return 'added';
    case 'D':
      return 'removed';
    case 'R':
      return 'renamed';
    case 'C':
      return 'copied';
    case 'T':
      return 'changed';
    default:
      return 'modified';
  }
}

/**
 * The hunks of every file, in the listing's order. Inside a hunk every line starts with a space, `+`, `-` or `\`, so
 * a line that starts with `diff --git ` is always a new file.
 */
function splitPatches(text: string): string[] {
  const files = text.split(/^diff --git /m).slice(1);
  return files.map((file) => {
    const start = file.search(/^@@ /m);
    const patch = start < 0 ? '' : file.slice(start).replace(/\n$/, '');
    return patch.length > maxPatchBytes ? '' : patch;
  });
}
