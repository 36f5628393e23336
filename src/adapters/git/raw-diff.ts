import { isUtf8 } from 'node:buffer';
import { EntropyError } from '../../domain/error.ts';
import { escapePath } from './escape-path.ts';
import { type GitPlace, git } from './git-command.ts';

/** One path that differs between two trees; mode `000000` and an all-zero sha stand for "not there". */
export interface RawChange {
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldSha: string;
  readonly newSha: string;
  readonly path: string;
}

export const noMode = '000000';

export interface TreePair {
  readonly place: GitPlace;
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
}

/** What differs between two trees, without renames. Names that are not UTF-8 cannot be handed over: E600. */
export async function rawDiff({ place, from, to, signal }: TreePair): Promise<readonly RawChange[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', from, to];
  const fields = splitZero(await git({ args, place, signal }));
  const changes: RawChange[] = [];
  const unreadable: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', newMode = '', oldSha = '', newSha = ''] = (fields[at]?.toString('latin1') ?? '')
      .replace(/^:/, '')
      .split(' ');
    const name = fields[at + 1] ?? Buffer.alloc(0);
    if (isUtf8(name)) changes.push({ oldMode, newMode, oldSha, newSha, path: name.toString('utf8') });
    else unreadable.push(escapePath(name));
  }
  if (unreadable.length > 0) throw unreadableNames(unreadable);
  return changes;
}

/** Lines added and removed by path; binary files are left out. */
export async function lineCounts({ place, from, to, signal }: TreePair) {
  const args = ['diff-tree', '-r', '-z', '--numstat', '--no-renames', '--no-ext-diff', '--no-textconv', from, to];
  const counts = new Map<string, { readonly added: number; readonly removed: number }>();
  for (const field of splitZero(await git({ args, place, signal }))) {
    const match = /^([0-9]+)\t([0-9]+)\t(.*)$/s.exec(field.toString('utf8'));
    if (match === null) continue;
    const [, added = '', removed = '', path = ''] = match;
    counts.set(path, { added: Number(added), removed: Number(removed) });
  }
  return counts;
}

/** Splits at NUL bytes; what follows the last one is empty. */
export function splitZero(bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, from)) {
    parts.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return parts;
}

function unreadableNames(names: readonly string[]): EntropyError {
  const shown = names.slice(0, 5).join(', ');
  return new EntropyError({
    code: 'E600',
    message: `${names.length === 1 ? 'a file name is' : `${names.length} file names are`} not UTF-8: ${shown}`,
    fix: 'rename the files; GitHub takes only names in UTF-8',
  });
}
