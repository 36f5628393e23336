import { type Finding, severities } from '../reports/finding.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Diff, type FindingPlace, placeOnDiff } from './place-on-diff.ts';

/** A finding of this round, with its name for all rounds and where it can be told. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly fingerprint: string;
  readonly place: FindingPlace;
  /** Further lines at which the very same was found, in the same words about the same code. */
  readonly alsoAt: readonly number[];
}

/** In the order of how much they matter, then of the files; what was found twice in the same words is one. */
export function placeFindings(findings: readonly Finding[], diff: Diff): readonly PlacedFinding[] {
  const placed = new Map<string, PlacedFinding>();
  const rank = ({ severity }: Finding): number => severities.indexOf(severity);
  for (const finding of findings.toSorted((one, other) => rank(one) - rank(other))) {
    const place = placeOnDiff(finding, diff);
    const path = place.path;
    const fingerprint = fingerprintOf({ ...finding, path }, place.kind === 'on' ? place.code : '');
    const twin = placed.get(fingerprint);
    if (twin === undefined) {
      placed.set(fingerprint, { finding: { ...finding, path }, fingerprint, place, alsoAt: [] });
    } else {
      const { line } = finding;
      const fresh = line !== undefined && line !== twin.finding.line && !twin.alsoAt.includes(line);
      if (fresh) placed.set(fingerprint, { ...twin, alsoAt: [...twin.alsoAt, line] });
    }
  }
  const byFile = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  return [...placed.values()].sort(
    (one, other) => rank(one.finding) - rank(other.finding) || byFile(one.place.path, other.place.path),
  );
}
