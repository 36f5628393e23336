import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alignLines } from '../../../src/domain/conflicts/align-lines.ts';

/** A part of a file with marks: text, or the three versions between marks. */
type Part =
  | { readonly kind: 'text'; readonly lines: readonly string[] }
  | {
      readonly kind: 'conflict';
      readonly ours: readonly string[];
      readonly base: readonly string[];
      readonly theirs: readonly string[];
    };

/** A text with git's marks in the style that shows the base. */
export function partsOf(marked: string): readonly Part[] {
  const parts: Part[] = [];
  let text: string[] = [];
  let into: 'text' | 'ours' | 'base' | 'theirs' = 'text';
  let conflict = { ours: [] as string[], base: [] as string[], theirs: [] as string[] };
  for (const line of marked.split('\n')) {
    if (line.startsWith('<<<<<<< ')) {
      parts.push({ kind: 'text', lines: text });
      [text, conflict, into] = [[], { ours: [], base: [], theirs: [] }, 'ours'];
    } else if (into === 'ours' && line.startsWith('||||||| ')) into = 'base';
    else if (into === 'base' && line === '=======') into = 'theirs';
    else if (into === 'theirs' && line.startsWith('>>>>>>> ')) {
      parts.push({ kind: 'conflict', ...conflict });
      into = 'text';
    } else if (into === 'text') text.push(line);
    else conflict[into].push(line);
  }
  return [...parts, { kind: 'text', lines: text }];
}

/** The bad one: one side of every conflict, the other is thrown away. */
export function takeSide(marked: string, side: 'ours' | 'theirs'): string {
  return partsOf(marked)
    .flatMap((part) => (part.kind === 'text' ? part.lines : part[side]))
    .join('\n');
}

/**
 * A careful one that knows nothing but the marks: what both did alike is done once, what one did and more is that, two additions in one
 * place are both kept; where lines overlap git merges them once more, word by word, under the same rules. Undefined where both changed
 * the same words: that is a question; or, in a hurry, both stand there, and the tests have to tell.
 */
export function resolveMarks(marked: string, sameWords: 'asks' | 'keeps both'): string | undefined {
  const parts = partsOf(marked);
  // A file that one side removed and the other changed holds no marks.
  if (parts.every(({ kind }) => kind === 'text')) return undefined;
  const lines: string[] = [];
  for (const part of parts) {
    const settled = part.kind === 'text' ? part.lines : (settle(part) ?? settleWords(part) ?? inHurry(part, sameWords));
    if (settled === undefined) return undefined;
    lines.push(...settled);
  }
  return lines.join('\n');
}

function inHurry({ ours, theirs }: Conflict, sameWords: 'asks' | 'keeps both'): readonly string[] | undefined {
  return sameWords === 'asks' ? undefined : [...ours, ...theirs];
}

type Conflict = Extract<Part, { kind: 'conflict' }>;

function settle({ base, ours, theirs }: Conflict): readonly string[] | undefined {
  const bare = (of: readonly string[]): string => of.join('').replace(/\s+/g, '');
  if (bare(ours) === bare(theirs)) return ours;
  if (bare(base) !== '') return undefined;
  if (holds(ours, theirs)) return ours;
  if (holds(theirs, ours)) return theirs;
  return [...ours, ...theirs];
}

/** Everything of the other, in its order. */
function holds(all: readonly string[], some: readonly string[]): boolean {
  let at = 0;
  for (const line of all) if (at < some.length && line.trim() === some[at]?.trim()) at += 1;
  return at === some.length;
}

function settleWords({ base, ours, theirs }: Conflict): readonly string[] | undefined {
  const words: string[] = [];
  for (const part of partsOf(mergedWords({ base, ours, theirs }))) {
    const settled = part.kind === 'text' ? part.lines : settle(part);
    if (settled === undefined) return undefined;
    words.push(...settled);
  }
  const text = words.map((word) => (word === '' ? '' : String(JSON.parse(word)))).join('');
  return text === '' ? [] : text.split('\n');
}

/** The three as git merges them when each word is a line. */
function mergedWords(texts: Readonly<Record<'base' | 'ours' | 'theirs', readonly string[]>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'words-'));
  try {
    for (const [name, lines] of Object.entries(texts)) {
      const words = lines.join('\n').match(/[\p{L}\p{N}_$]+|\s+|[^\s\p{L}\p{N}_$]/gu) ?? [];
      writeFileSync(join(folder, name), words.map((word) => `${JSON.stringify(word)}\n`).join(''));
    }
    const args = ['merge-file', '-p', '--diff3', 'ours', 'base', 'theirs'];
    const told = spawnSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
    if (told.status === null || told.status > 127) throw new Error(`git merge-file failed: ${told.stderr}`);
    return told.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes one change of a side out of a merge again; undefined when it cannot be found there to the letter. */
export function dropHunk(
  merged: string,
  { base, side, pick }: { readonly base: string; readonly side: string; readonly pick: number },
): string | undefined {
  const [before, after] = [base.split('\n'), side.split('\n')];
  const places = alignLines(before, after);
  const hunks: { readonly removed: string; readonly added: string; readonly next: string }[] = [];
  let [baseAt, sideAt] = [0, 0];
  for (let at = 0; at <= before.length; at += 1) {
    const place = at === before.length ? after.length : (places[at] ?? -1);
    if (place < 0) continue;
    const [removed, added] = [before.slice(baseAt, at).join('\n'), after.slice(sideAt, place).join('\n')];
    if (removed.replace(/\s/g, '') !== added.replace(/\s/g, '')) hunks.push({ removed, added, next: before[at] ?? '' });
    [baseAt, sideAt] = [at + 1, place + 1];
  }
  const hunk = hunks[pick % Math.max(1, hunks.length)];
  if (hunk === undefined || hunk.added.trim() === '') return undefined;
  const at = merged.indexOf(`${hunk.added}\n`);
  const once = at >= 0 && merged.indexOf(`${hunk.added}\n`, at + 1) < 0;
  if (!once) return undefined;
  const put = hunk.removed === '' ? '' : `${hunk.removed}\n`;
  return `${merged.slice(0, at)}${put}${merged.slice(at + hunk.added.length + 1)}`;
}
