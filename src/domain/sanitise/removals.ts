import { counted } from '../counted.ts';

/** What a sanitiser takes out of a text or makes harmless in it, in the order in which it is told: one, many. */
const names = {
  comment: ['HTML comment', 'HTML comments'],
  imageText: ['text of an image', 'texts of images'],
  linkTitle: ['link title', 'link titles'],
  hiddenLink: ['link without words', 'links without words'],
  definition: ['hidden definition', 'hidden definitions'],
  tag: ['hidden HTML tag', 'hidden HTML tags'],
  attribute: ['HTML attribute', 'HTML attributes'],
  codeLabel: ['label of a code block', 'labels of code blocks'],
  undrawn: ['line of a drawing that it does not show', 'lines of drawings that they do not show'],
  tableCell: ['hidden table cell', 'hidden table cells'],
  tagCharacter: ['tag character', 'tag characters'],
  direction: ['text direction mark', 'text direction marks'],
  zeroWidth: ['zero-width character', 'zero-width characters'],
  variation: ['variation selector', 'variation selectors'],
  control: ['control character', 'control characters'],
  invisible: ['other invisible character', 'other invisible characters'],
  stackedAccent: ['stacked accent', 'stacked accents'],
  fakeMark: ['imitated mark of ours', 'imitated marks of ours'],
  mention: ['mention', 'mentions'],
  reference: ['reference to another issue', 'references to other issues'],
  closing: ['closing keyword', 'closing keywords'],
  picture: ['picture', 'pictures'],
  address: ['foreign address', 'foreign addresses'],
  markup: ['HTML tag or comment', 'HTML tags or comments'],
  skip: ['word that skips checks', 'words that skip checks'],
  mixedAlphabets: ['word of mixed alphabets (kept)', 'words of mixed alphabets (kept)'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;
export type RemovalKind = keyof typeof names;

export const removalKinds = Object.keys(names) as readonly RemovalKind[];

/** How often what was removed; kinds that were not met are absent. */
export type Removals = Readonly<Partial<Record<RemovalKind, number>>>;

/** Counts while a text is read. */
export type Tally = Partial<Record<RemovalKind, number>>;

export function note(tally: Tally | undefined, kind: RemovalKind, times = 1): void {
  if (tally !== undefined && times > 0) tally[kind] = (tally[kind] ?? 0) + times;
}

export function sumRemovals(all: readonly Removals[]): Removals {
  const sum: Tally = {};
  for (const removals of all) for (const kind of removalKinds) note(sum, kind, removals[kind] ?? 0);
  return sum;
}

export function nothingRemoved(removals: Removals): boolean {
  return removalKinds.every((kind) => (removals[kind] ?? 0) === 0);
}

/** `2 HTML comments, 14 tag characters`; empty when nothing was removed. */
export function describeRemovals(removals: Removals): string {
  const told = removalKinds.filter((kind) => (removals[kind] ?? 0) > 0);
  return told.map((kind) => counted(removals[kind] ?? 0, names[kind][0], names[kind][1])).join(', ');
}
