/** How much a finding matters, worst first. `blocker` and `major` ask for changes; the others are advice. */
export const severities = ['blocker', 'major', 'minor', 'nit'] as const;
export type Severity = (typeof severities)[number];

export function asksForChanges(severity: Severity): boolean {
  return severity === 'blocker' || severity === 'major';
}

/** One thing that a reviewer saw, at a place in the pull request's diff. Texts are untrusted. */
export interface Finding {
  readonly path: string;
  /** First line on the new side, counted from 1; absent: the line alone. */
  readonly startLine?: number;
  /** Last line on the new side; absent: about the file as a whole. */
  readonly line?: number;
  readonly severity: Severity;
  /** One short word for the sort of problem: `correctness`, `security`, `tests`, `naming`. Part of its fingerprint. */
  readonly category: string;
  /** One line. */
  readonly title: string;
  /** Why it matters and how it shows. Markdown. */
  readonly body: string;
  /** What those lines should read instead, without fences; becomes a suggestion that people can apply. */
  readonly suggestion?: string;
}
