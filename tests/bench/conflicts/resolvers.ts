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

/** A careful one without knowledge: merges word by word; undefined where both changed the same words, which is a question. */
export function mergeByWords(marked: string): string | undefined {
  const pieces: string[] = [];
  for (const part of partsOf(marked)) {
    if (part.kind === 'text') {
      pieces.push(...part.lines);
      continue;
    }
    const texts = { base: part.base.join('\n'), ours: part.ours.join('\n'), theirs: part.theirs.join('\n') };
    const merged = mergeTexts(texts);
    if (merged === undefined) return undefined;
    pieces.push(...(merged === '' ? [] : [merged]));
  }
  return pieces.join('\n');
}

/** Three texts merged word by word; undefined where both changed the same words. */
export function mergeTexts(texts: Readonly<Record<'base' | 'ours' | 'theirs', string>>): string | undefined {
  return threeWay(split(texts.base), split(texts.ours), split(texts.theirs));
}

function split(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_$]+|\s+|[^\s\p{L}\p{N}_$]/gu) ?? [];
}

function threeWay(base: readonly string[], ours: readonly string[], theirs: readonly string[]): string | undefined {
  const [inOurs, inTheirs] = [alignLines(base, ours), alignLines(base, theirs)];
  const merged: string[] = [];
  let [baseAt, oursAt, theirsAt] = [0, 0, 0];
  for (let at = 0; at <= base.length; at += 1) {
    const isEnd = at === base.length;
    const [o, t] = isEnd ? [ours.length, theirs.length] : [inOurs[at] ?? -1, inTheirs[at] ?? -1];
    if (o < 0 || t < 0) continue;
    const [b, mine, other] = [
      base.slice(baseAt, at).join(''),
      ours.slice(oursAt, o).join(''),
      theirs.slice(theirsAt, t).join(''),
    ];
    if (mine !== b && other !== b && mine !== other) return undefined;
    merged.push(mine === b ? other : mine, isEnd ? '' : (base[at] ?? ''));
    [baseAt, oursAt, theirsAt] = [at + 1, o + 1, t + 1];
  }
  return merged.join('');
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
