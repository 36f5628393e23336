export interface BranchNameParts {
  /** Ends where the issue's number begins, e.g. `agent/`. */
  readonly prefix: string;
  readonly issue: number;
  readonly fence: number;
  /** Any text; only a slug of it gets into the name. */
  readonly title: string;
}

const maxSlugLength = 40;
/** Letters of European alphabets that no normalisation takes apart. */
const spelledOut: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
};

const filler = new Set(['a', 'an', 'and', 'at', 'in', 'is', 'of', 'on', 'or', 'the', 'to']);

/**
 * `agent/42/f7-keep-last-word`: the fence makes the name new for every claim, so two runs never share a branch. The
 * alphabet of the slug (a-z, 0-9, single dashes, never at an end) is far inside what git-check-ref-format allows.
 */
export function branchName(parts: BranchNameParts): string {
  const problem = branchPrefixProblem(parts.prefix);
  if (problem !== undefined) throw new RangeError(problem);
  return `${issueBranchPrefix(parts.prefix, parts.issue)}f${parts.fence}-${slugOf(parts.title)}`;
}

/** What all branches of one issue start with: `agent/42/`. */
export function issueBranchPrefix(prefix: string, issue: number): string {
  return `${prefix}${issue}/`;
}

/** The reverse of `branchName`, for names that a forge lists; undefined for anybody else's branch. */
export function parseBranchName(
  prefix: string,
  branch: string,
): { readonly issue: number; readonly fence: number; readonly slug: string } | undefined {
  if (!branch.startsWith(prefix)) return undefined;
  const match = /^([1-9][0-9]{0,9})\/f([0-9]{1,15})-([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(branch.slice(prefix.length));
  if (match === null) return undefined;
  const [, issue = '', fence = '', slug = ''] = match;
  return { issue: Number(issue), fence: Number(fence), slug };
}

/** Whether some prefix makes it a branch of an agent; which one is, only the settings tell. */
export function couldBeAgents(branch: string): boolean {
  return issueOfSomeBranch(branch) !== undefined;
}

/** The issue of a branch that some prefix makes one of an agent: the digits behind whatever ends the prefix. */
export function issueOfSomeBranch(branch: string): number | undefined {
  const number = /([1-9][0-9]{0,9})\/f[0-9]{1,15}-[a-z0-9]+(?:-[a-z0-9]+)*$/.exec(branch.slice(-120))?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Why a configured prefix cannot be used, or undefined when it can. */
export function branchPrefixProblem(prefix: string): string | undefined {
  const usable = /^[A-Za-z0-9][A-Za-z0-9_-]{0,29}(?:\/[A-Za-z0-9][A-Za-z0-9_-]{0,29}){0,3}[/-]?$/.test(prefix);
  const reserved = /^(?:refs|heads|tags|head)(?:\/|$)/i.test(prefix);
  if (usable && !reserved) return undefined;
  return `the branch prefix ${JSON.stringify(prefix)} is not usable: letters, digits, "-", "_" and "/", such as "agent/"`;
}

/** Lower-case ASCII words joined by single dashes, cut between words; `change` when a title has none. */
export function slugOf(title: string): string {
  const ascii = title
    .slice(0, 400)
    .toLowerCase()
    .replace(/[ßæœøđðłþ]/g, (letter) => spelledOut[letter] ?? '')
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase();
  const words = ascii.split(/[^a-z0-9]+/).filter((word) => word !== '');
  const telling = words.filter((word) => !filler.has(word));
  const chosen = telling.length > 0 ? telling : words;
  let slug = '';
  for (const word of chosen) {
    const longer = slug === '' ? word : `${slug}-${word}`;
    if (longer.length > maxSlugLength) break;
    slug = longer;
  }
  return slug === '' ? (chosen[0] ?? 'change').slice(0, maxSlugLength) : slug;
}
