import { proseLines } from '../prose-lines.ts';
import { type IssuePlace, parseFullName, type RepositoryRef } from '../repository.ts';
import type { DependencyKind } from './dependency.ts';

/** What the text of an issue says about it: it waits for another one, repeats it, or came up while working on it. */
export interface TextDependency {
  readonly kind: Extract<DependencyKind, 'blocks' | 'duplicates' | 'discovered_from'>;
  readonly other: IssuePlace;
}

/** The issue itself: `#12` is one of its own repository. */
export interface TextPlace extends IssuePlace {
  /** `github.com`: addresses of other hosts are no references. */
  readonly host: string;
}

/** More than anybody writes by hand; keeps a text from filling the books. */
const maxDependencies = 50;

const phrase =
  /(?<![\w-])(?:(blocked[ \t]{1,3}(?:by|on)|depends?[ \t]{1,3}(?:up)?on|waiting[ \t]{1,3}(?:for|on))|(duplicates?[ \t]{1,3}of)|(discovered[ \t]{1,3}(?:from|in)))(?![\w-])/gi;
const negated = /(?:\bnot|\bno longer|n['’]t|\bnever)[ \t]{1,3}(?:a[ \t]{1,3})?$/i;
/** A line that only announces: `## Blocked by`, `**Depends on**:`, `- Blocked by:`. */
const announcing = /^[ \t]*(?:#{1,6}|[-*+])?[ \t]*[*_]{0,3}$/;
const restOfAnnouncement = /^[*_: \t]{0,10}$/;
const listItem = /^[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]{1,4}(?:\[[ xX]\][ \t]{1,4})?/;
const opening = /[ \t:*_<([]{0,12}/y;
const separator = /[ \t)\]>*_]{0,8}(?:,?[ \t]{1,3}(?:and|or|&)(?![\w-])|,)[ \t(<[]{0,8}/iy;
const markdownTarget = /\]\([^()\s]{0,400}\)/y;
const reference = /(?:([a-z0-9][a-z0-9-]{0,38}\/[a-z0-9._-]{1,100})?#|gh-)([1-9][0-9]{0,9})(?![\w-])/iy;
const address =
  /https?:\/\/([a-z0-9.:-]{1,255})\/([a-z0-9][a-z0-9-]{0,38}\/[a-z0-9._-]{1,100})\/(?:issues|pull)\/([1-9][0-9]{0,9})(?:[#?][^\s)>\]]{0,200})?(?![\w/])/iy;

/**
 * `Blocked by #12`, `depends on octo/other#3 and https://github.com/octo/other/issues/4`, or a list below a line that
 * announces it, with boxes or without. Only in words of one's own: not in code, quotations or comments. A text is
 * anybody's, so what it says can make an issue wait and nothing else. The time is linear in the text.
 */
export function textDependencies(markdown: string, place: TextPlace): readonly TextDependency[] {
  const found = new Map<string, TextDependency>();
  let announced: TextDependency['kind'] | undefined;
  const add = (kind: TextDependency['kind'], references: readonly IssuePlace[]): void => {
    for (const other of references) {
      const { owner, name } = other.repository;
      const id = `${kind} ${owner}/${name}#${other.number}`.toLowerCase();
      const self = other.number === place.number && isSame(other.repository, place.repository);
      if (!self && found.size < maxDependencies && !found.has(id)) found.set(id, { kind, other });
    }
  };

  for (const { line, prose } of proseLines(markdown)) {
    const begun = announced;
    announced = undefined;
    for (const match of prose.matchAll(phrase)) {
      const before = prose.slice(Math.max(0, match.index - 30), match.index);
      if (negated.test(before)) continue;
      const end = match.index + match[0].length;
      const kind = match[2] !== undefined ? 'duplicates' : match[3] !== undefined ? 'discovered_from' : 'blocks';
      add(kind, referencesAt(prose, end, place));
      if (
        restOfAnnouncement.test(prose.slice(end, end + 12)) &&
        announcing.test(prose.slice(0, match.index).slice(-20))
      )
        announced = kind;
    }
    if (begun === undefined || announced !== undefined) continue;
    const item = listItem.exec(line)?.[0] ?? '';
    const listed = referencesAt(prose, Math.min(item.length, prose.length), place);
    if (listed.length === 0) continue;
    add(begun, listed);
    announced = begun;
  }
  return [...found.values()];
}

/** `#1, #2 and octo/other#3`: as many as stand there one after the other. */
function referencesAt(prose: string, from: number, place: TextPlace): readonly IssuePlace[] {
  const references: IssuePlace[] = [];
  let at = from + lengthAt(opening, prose, from);
  while (references.length < maxDependencies) {
    const next = readReference(prose, at, place);
    if (next === undefined) break;
    if (next.reference !== undefined) references.push(next.reference);
    at = next.end + lengthAt(markdownTarget, prose, next.end);
    const gap = lengthAt(separator, prose, at);
    if (gap === 0) break;
    at += gap;
  }
  return references;
}

/** `reference` is absent for the address of another host, which stands in the list and names nothing here. */
function readReference(
  prose: string,
  at: number,
  { repository, host }: TextPlace,
): { readonly reference?: IssuePlace; readonly end: number } | undefined {
  reference.lastIndex = at;
  const short = reference.exec(prose);
  if (short !== null) {
    const named = short[1] === undefined ? repository : parseFullName(short[1]);
    const end = at + short[0].length;
    return named === undefined ? { end } : { reference: { repository: named, number: Number(short[2]) }, end };
  }
  address.lastIndex = at;
  const full = address.exec(prose);
  if (full === null) return undefined;
  const end = at + full[0].length;
  const named = parseFullName(full[2] ?? '');
  const ours = full[1]?.toLowerCase() === host.toLowerCase() && named !== undefined;
  return ours ? { reference: { repository: named, number: Number(full[3]) }, end } : { end };
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function isSame(a: RepositoryRef, b: RepositoryRef): boolean {
  return `${a.owner}/${a.name}`.toLowerCase() === `${b.owner}/${b.name}`.toLowerCase();
}
