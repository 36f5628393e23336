import type { KnownFinding } from '../reports/open-finding.ts';
import { plainCategory, titleWords } from './fingerprint.ts';
import type { PlacedFinding } from './placed-finding.ts';

/** Words of both titles that are in both, twice, by all words: 1 for the same ones, 0 for none in common. */
export function likeness(one: string, other: string): number {
  const [a, b] = [titleWords(one), new Set(titleWords(other))];
  if (a.length + b.size === 0) return 1;
  return (2 * a.filter((word) => b.has(word)).length) / (a.length + b.size);
}

/** How far the lines of one finding, told in two rounds, may lie apart. */
const nearLines = 3;

/**
 * Whether a finding told anew is one that is known, in other words: in the same file, of the same sort, about the same lines or
 * about ones that have changed since. Two of one title at different places are two.
 */
function alike(known: KnownFinding, { finding, place }: PlacedFinding): number {
  const sameFile = known.path === place.path;
  if (!sameFile || plainCategory(known.category) !== plainCategory(finding.category)) return 0;
  const score = likeness(known.title, finding.title);
  if (known.line === undefined || finding.line === undefined) return score >= 0.8 ? score : 0;
  const near = Math.abs(known.line - finding.line) <= nearLines;
  return near && score >= 0.5 ? score : 0;
}

/** Which known finding each of a round's findings is, if any; a known one is at most one of them. */
export function matchFindings(
  known: readonly KnownFinding[],
  told: readonly PlacedFinding[],
): ReadonlyMap<PlacedFinding, KnownFinding> {
  const matched = new Map<PlacedFinding, KnownFinding>();
  const free = new Map(known.map((each) => [each.fingerprint, each]));
  const take = (finding: PlacedFinding, found: KnownFinding | undefined): void => {
    if (found === undefined) return;
    matched.set(finding, found);
    free.delete(found.fingerprint);
  };
  for (const finding of told) take(finding, free.get(finding.fingerprint));
  for (const finding of told.filter((each) => !matched.has(each))) {
    const scored = [...free.values()].map((each) => ({ each, score: alike(each, finding) }));
    const best = scored.reduce((top, next) => (next.score > top.score ? next : top), { each: undefined, score: 0 } as {
      readonly each: KnownFinding | undefined;
      readonly score: number;
    });
    take(finding, best.each);
  }
  return matched;
}
