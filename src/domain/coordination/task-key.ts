import type { ClaimKey } from '../claim.ts';
import type { MirroredIssue } from './task-record.ts';

/** `github/octo/slug/issues/42`, `github/octo/slug/pulls/43`: the key of a task, and of the claim on it. */
export function taskKeyOf({
  repository,
  kind,
  number,
}: Pick<MirroredIssue, 'repository' | 'kind' | 'number'>): ClaimKey {
  return `github/${repository}/${kind === 'issue' ? 'issues' : 'pulls'}/${number}`.toLowerCase();
}
