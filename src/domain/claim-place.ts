import type { ClaimKey } from './claim.ts';
import { type IssuePlace, parseFullName } from './repository.ts';

/** `github/octo/slug/issues/42` → issue 42 of octo/slug; undefined for a named lock. Names of repositories come in lower case. */
export function claimPlace(key: ClaimKey): IssuePlace | undefined {
  const [, name = '', number = ''] = /^github\/([^/]+\/[^/]+)\/(?:issues|pulls)\/([1-9][0-9]{0,9})$/.exec(key) ?? [];
  const repository = parseFullName(name);
  return repository === undefined ? undefined : { repository, number: Number(number) };
}
