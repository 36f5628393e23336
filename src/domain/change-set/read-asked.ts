import { asCodeSpan } from '../outgoing-text.ts';
import { proseLines } from '../prose-lines.ts';
import { fullName, parseFullName, type RepositoryRef, sameRepository } from '../repository.ts';
import { type AskedMember, type MemberStart, maxMembers } from './change-set.ts';
import { orderMembers } from './order.ts';

export type AskedChangeSet =
  /** The issue names no repositories. */
  | { readonly kind: 'none' }
  /** In the order of the work. */
  | { readonly kind: 'asked'; readonly members: readonly AskedMember[] }
  /** One sentence for the issue: what of the line cannot be done. */
  | { readonly kind: 'wrong'; readonly problem: string };

/** `Repositories: octo/lib, octo/app (after octo/lib)`, also bold or behind a bullet. */
const asking = /^\s{0,3}(?:[-*+]\s{1,3})?(?:\*\*|__)?repositories(?:\*\*|__)?:(?:\*\*|__)?\s(.{1,2000})$/i;

/**
 * The repositories that an issue's text asks for: its first line of that kind that a person would read as their own words, so not
 * in a quote, in code or in a comment. A name without an owner is of the issue's owner. Only a wish: which repositories may be
 * in a set stands in the settings of the default branch (`beyondAllowed`).
 */
export function readAskedChangeSet(body: string, here: RepositoryRef): AskedChangeSet {
  for (const { line, prose } of proseLines(body)) {
    if (!asking.test(prose)) continue;
    // Names may stand in code spans; what nobody sees (a comment within the line) may not add to them.
    const visible = line.includes('<') ? prose : line.replaceAll('`', '');
    const written = asking.exec(visible)?.[1];
    if (written !== undefined) return readLine(written, here);
  }
  return { kind: 'none' };
}

/** Those that the default branch does not allow; a set of the issue's own repository alone is no set, and needs no leave. */
export function beyondAllowed(members: readonly AskedMember[], allowed: readonly string[]): readonly string[] {
  return members
    .map(({ repository }) => repository)
    .filter((name) => !allowed.some((one) => sameRepository(one, name)));
}

function readLine(written: string, here: RepositoryRef): AskedChangeSet {
  const members: AskedMember[] = [];
  for (const entry of entriesOf(written)) {
    const member = readEntry(entry, here);
    if (typeof member === 'string') return wrong(member);
    if (members.some(({ repository }) => sameRepository(repository, member.repository))) {
      return wrong(`${named(member.repository)} stands there twice`);
    }
    members.push(member);
  }
  if (members.length > maxMembers) return wrong(`it has ${members.length} repositories, and ${maxMembers} is the most`);
  if (members.every(({ repository }) => sameRepository(repository, fullName(here)))) return { kind: 'none' };
  for (const { repository, dependsOn } of members) {
    const missing = dependsOn.find((name) => !members.some((other) => sameRepository(other.repository, name)));
    if (missing !== undefined) {
      return wrong(`${named(repository)} is to come after ${named(missing)}, which is not among them`);
    }
  }
  const ordered = orderMembers(members);
  if (ordered.kind === 'cycle') return wrong(`they wait for each other: ${ordered.path.map(named).join(' → ')}`);
  return { kind: 'asked', members: ordered.members };
}

/** Parts between commas, but those of a bracket. */
function entriesOf(written: string): readonly string[] {
  const entries: string[] = [];
  let open = false;
  let entry = '';
  for (const char of written) {
    if (char === ',' && !open) {
      entries.push(entry);
      entry = '';
      continue;
    }
    if (char === '(') open = true;
    if (char === ')') open = false;
    entry += char;
  }
  return [...entries, entry].map((text) => text.trim()).filter((text) => text !== '' && text !== '.');
}

const starts: Readonly<Record<string, MemberStart>> = { after: 'merged', with: 'in-review' };

function readEntry(entry: string, here: RepositoryRef): AskedMember | string {
  const match = /^([^\s()]+)\s*(?:\(([^()]*)\))?\.?$/.exec(entry);
  const name = match?.[1] ?? entry;
  const repository = nameOf(name, here);
  if (match === null || repository === undefined) return `${named(name)} is not the name of a repository`;
  const order = match[2]?.trim();
  if (order === undefined) return { repository, dependsOn: [], begins: 'merged' };
  const [word = '', ...names] = order.split(/[\s,]+/);
  const begins = Object.hasOwn(starts, word.toLowerCase()) ? starts[word.toLowerCase()] : undefined;
  const wanted = names.filter((other) => other !== '' && other.toLowerCase() !== 'and');
  if (begins === undefined || wanted.length === 0) {
    return `${asCodeSpan(`(${order})`, 100)} is not understood: write \`(after octo/lib)\` or \`(with octo/lib)\``;
  }
  const dependsOn = wanted.map((other) => nameOf(other, here) ?? other);
  return { repository, dependsOn, begins };
}

function nameOf(text: string, here: RepositoryRef): string | undefined {
  const parsed = parseFullName(text.includes('/') ? text : `${here.owner}/${text}`);
  return parsed === undefined ? undefined : fullName(parsed);
}

function named(name: string): string {
  return asCodeSpan(name, 140);
}

function wrong(problem: string): AskedChangeSet {
  return { kind: 'wrong', problem };
}
