import { sameRepository } from '../repository.ts';
import type { AskedMember } from './change-set.ts';

export type Ordered<Member extends AskedMember> =
  | { readonly kind: 'ordered'; readonly members: readonly Member[] }
  /** `path`: from a repository back to itself. */
  | { readonly kind: 'cycle'; readonly path: readonly string[] };

/** Each behind what it depends on, otherwise as written. What is named and no member counts for nothing. */
export function orderMembers<Member extends AskedMember>(members: readonly Member[]): Ordered<Member> {
  const ordered: Member[] = [];
  const left = [...members];
  const isDone = (name: string): boolean => !left.some(({ repository }) => sameRepository(repository, name));
  while (left.length > 0) {
    const at = left.findIndex(({ dependsOn }) => dependsOn.every(isDone));
    const [next] = at === -1 ? [] : left.splice(at, 1);
    if (next === undefined) return { kind: 'cycle', path: cycleIn(left) };
    ordered.push(next);
  }
  return { kind: 'ordered', members: ordered };
}

/** Every one of them waits for another one of them, so that whoever follows the waiting comes back. */
function cycleIn(members: readonly AskedMember[]): readonly string[] {
  const path: string[] = [];
  let at = members[0];
  while (at !== undefined) {
    const { repository, dependsOn } = at;
    const seen = path.findIndex((name) => sameRepository(name, repository));
    if (seen !== -1) return [...path.slice(seen), repository];
    path.push(repository);
    at = members.find((other) => dependsOn.some((name) => sameRepository(name, other.repository)));
  }
  return path;
}
