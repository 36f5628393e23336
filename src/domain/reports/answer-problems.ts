import type { Brief } from '../brief.ts';
import type { FindingAnswer, KnownFinding } from './open-finding.ts';

/** Findings that a brief tells of, whatever became of them. */
export function briefedFindings(brief: Brief | undefined): readonly KnownFinding[] {
  return (brief?.reasons ?? []).flatMap((reason) => (reason.kind === 'findings' ? reason.findings : []));
}

export function openFingerprints(known: readonly KnownFinding[]): readonly string[] {
  return known.filter(({ standing }) => standing === 'open').map(({ fingerprint }) => fingerprint);
}

/** Each open finding is spoken of exactly once, and nothing else is. */
export function standingProblems(
  told: readonly { readonly fingerprint: string }[],
  open: readonly string[],
): readonly string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const { fingerprint } of told) {
    const name = JSON.stringify(fingerprint.slice(0, 100));
    if (!open.includes(fingerprint)) problems.push(`${name} is the fingerprint of no open finding`);
    else if (seen.has(fingerprint)) problems.push(`${name} is answered twice`);
    seen.add(fingerprint);
  }
  const missing = open.filter((fingerprint) => !seen.has(fingerprint));
  if (missing.length > 0) problems.push(`nothing is said of ${missing.slice(0, 20).join(', ')}`);
  return problems;
}

export function answerProblems(
  answers: readonly FindingAnswer[] | undefined,
  known: readonly KnownFinding[],
): readonly string[] {
  return standingProblems(answers ?? [], openFingerprints(known));
}
