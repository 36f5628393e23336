import type { ClaimKey } from './claim.ts';
import { type IssuePlace, parseFullName } from './repository.ts';

const issueOrPull = /^github\/([^/]+\/[^/]+)\/(?:issues\/|pulls\/)([1-9][0-9]{0,9})$/;
const look = /^(github\/[^/]+\/[^/]+\/pulls\/[1-9][0-9]{0,9})\/(?:review|verification)$/;

/**
 * `github/octo/slug/issues/42` → issue 42 of octo/slug, `github/octo/slug/pulls/43/review` → 43; undefined for a named lock.
 * Names of repositories come in lower case.
 */
export function claimPlace(key: ClaimKey): IssuePlace | undefined {
  const [, name = '', number = ''] = issueOrPull.exec(look.exec(key)?.[1] ?? key) ?? [];
  const repository = parseFullName(name);
  return repository === undefined ? undefined : { repository, number: Number(number) };
}
