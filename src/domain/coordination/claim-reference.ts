import { type ClaimKey, issueClaimKey } from '../claim.ts';
import { parseFullName, type RepositoryRef } from '../repository.ts';

export type ClaimReference =
  | { readonly kind: 'key'; readonly key: ClaimKey }
  /** A bare number, and nobody said of which repository. */
  | { readonly kind: 'needs-repository'; readonly number: number }
  | { readonly kind: 'unknown' };

const number = '([1-9][0-9]{0,9})';
const bare = new RegExp(`^#?${number}$`);
const short = new RegExp(`^([^/#\\s]+/[^/#\\s]+)#${number}$`);
const link = new RegExp(`^https?://[^/\\s]+/([^/\\s]+/[^/\\s]+)/(issues|pull)/${number}(?:[?#/].*)?$`);
const look = /^github\/[^/\s]+\/[^/\s]+\/pulls\/[1-9][0-9]{0,9}\/(?:review|verification)$/;
const named = /^locks\/[a-z0-9._:@+~-]+(?:\/[a-z0-9._:@+~-]+)*$/;
const whole = new RegExp(`^github/([^/\\s]+/[^/\\s]+)/(issues|pulls)/${number}$`, 'i');

/**
 * How people name what they mean: `42`, `#42`, `octo/slug#42`, the address of an issue or pull request, a whole key, or
 * `locks/<name>` for something of their own.
 */
export function readClaimReference(text: string, repository: RepositoryRef | undefined): ClaimReference {
  const given = text.trim();
  const issue = bare.exec(given)?.[1];
  if (issue !== undefined) {
    if (repository === undefined) return { kind: 'needs-repository', number: Number(issue) };
    return { kind: 'key', key: issueClaimKey(repository.owner, repository.name, Number(issue)) };
  }
  const [, shortName = '', shortNumber] = short.exec(given) ?? [];
  if (shortNumber !== undefined) return keyOf(shortName, 'issues', shortNumber);
  const [, name = '', kind = '', linked] = link.exec(given) ?? whole.exec(given) ?? [];
  if (linked !== undefined) return keyOf(name, kind.toLowerCase() === 'issues' ? 'issues' : 'pulls', linked);
  return named.test(given) || look.test(given) ? { kind: 'key', key: given } : { kind: 'unknown' };
}

function keyOf(name: string, kind: 'issues' | 'pulls', digits: string): ClaimReference {
  const repository = parseFullName(name);
  if (repository === undefined) return { kind: 'unknown' };
  return { kind: 'key', key: `github/${repository.owner}/${repository.name}/${kind}/${digits}`.toLowerCase() };
}

/** As people read it: `octo/slug#42`; other keys as they are. */
export function shortClaimName(key: ClaimKey): string {
  const [, name, , digits] = whole.exec(key) ?? [];
  return name === undefined ? key : `${name}#${digits}`;
}
