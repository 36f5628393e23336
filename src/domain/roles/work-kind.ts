/** What a role can hand over. Each has a schema of its own in `src/domain/reports`; `change` is a patch. */
export const workKinds = ['change', 'plan', 'triage', 'verification', 'review'] as const;
export type WorkKind = (typeof workKinds)[number];

/** What the work is about: a review or a verification is of a pull request, the rest is of an issue. */
export function subjectOf(kind: WorkKind): 'issue' | 'pull-request' {
  return kind === 'review' || kind === 'verification' ? 'pull-request' : 'issue';
}

/** Whether files that the role writes leave the sandbox: a change is published, a verification shows its test. */
export function handsOverFiles(kind: WorkKind): boolean {
  return kind === 'change' || kind === 'verification';
}
