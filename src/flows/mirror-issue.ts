import type { ClaimKey } from '../domain/claim.ts';
import type { Dependency, DependencySource } from '../domain/coordination/dependency.ts';
import { tellerOf } from '../domain/coordination/dependency-graph.ts';
import { textDependencies } from '../domain/coordination/dependency-text.ts';
import { sameData } from '../domain/coordination/same-data.ts';
import { taskKeyOf } from '../domain/coordination/task-key.ts';
import type { MirroredIssue } from '../domain/coordination/task-record.ts';
import { EntropyError } from '../domain/error.ts';
import { fullName, type IssuePlace, parseFullName } from '../domain/repository.ts';
import type { TaskStore } from '../ports/task-store.ts';

export type LookUp = (place: IssuePlace) => Promise<MirroredIssue | undefined>;

export interface MirrorBooks {
  readonly tasks: Pick<TaskStore, 'mirror' | 'mirrorDependencies' | 'dependencies' | 'read'>;
  /** `github.com`: where addresses in texts must lead to name anything. */
  readonly host: string;
  /** GitHub's word on an issue that the books do not know; absent where there is no token to ask with. */
  readonly lookUp?: LookUp;
}

/** What came of the edges that one issue tells. */
export interface MirroredEdges {
  readonly edges: number;
  /** Those that would have closed a circle were left out; the path of each. */
  readonly cycles: readonly (readonly ClaimKey[])[];
  /** Named in the text, and there is no such issue, or we may not see it: nobody can wait for it. */
  readonly missing: readonly IssuePlace[];
}

/** What the text of an issue says that it waits for, as edges; only of open issues, for a closed one waits for nothing. */
export async function mirrorText(books: MirrorBooks, issue: MirroredIssue, actor: string): Promise<MirroredEdges> {
  const repository = parseFullName(issue.repository);
  if (repository === undefined || issue.forgeState === 'closed') return noEdges;
  const place = { repository, number: issue.number, host: books.host };
  const key = taskKeyOf(issue);
  const told: Dependency[] = [];
  const missing: IssuePlace[] = [];
  for (const { kind, other } of textDependencies(issue.body, place)) {
    const otherKey = await keyOf(books, other, actor);
    if (otherKey === undefined) missing.push(other);
    else if (kind === 'blocks') told.push({ kind, from: otherKey, to: key, source: 'text' });
    else told.push({ kind, from: key, to: otherKey, source: 'text' });
  }
  return { ...(await mirrorEdges(books, { key, source: 'text', told, actor })), missing };
}

export interface EdgesToMirror {
  readonly key: ClaimKey;
  readonly source: DependencySource;
  readonly told: readonly Dependency[];
  readonly actor: string;
}

/** All that one source says about one issue from now on. Most issues tell nothing and never did: those are only looked at. */
export async function mirrorEdges(
  { tasks }: MirrorBooks,
  { key, source, told, actor }: EdgesToMirror,
): Promise<Omit<MirroredEdges, 'missing'>> {
  if (told.length === 0) {
    const stored = await tasks.dependencies(key);
    const toldBefore = stored.some((edge) => edge.source === source && tellerOf(edge) === key);
    if (!toldBefore) return { edges: 0, cycles: [] };
  }
  const left = await tasks.mirrorDependencies(key, source, told, actor);
  return { edges: told.length - left.length, cycles: left.map(({ path }) => path) };
}

export const noEdges: MirroredEdges = { edges: 0, cycles: [], missing: [] };

/**
 * A number does not tell whether it is an issue or a pull request. The books know, or GitHub; where nobody can be asked it is
 * taken for an issue, and keeps others waiting until it is known: we do not know better.
 */
async function keyOf(books: MirrorBooks, place: IssuePlace, actor: string): Promise<ClaimKey | undefined> {
  const named = { repository: fullName(place.repository), number: place.number };
  const asIssue = taskKeyOf({ ...named, kind: 'issue' });
  for (const key of [asIssue, taskKeyOf({ ...named, kind: 'pull' })]) {
    if ((await books.tasks.read(key)) !== undefined) return key;
  }
  if (books.lookUp === undefined) return asIssue;
  const found = await seen(books.lookUp, place);
  return found === undefined ? undefined : (await books.tasks.mirror(found, actor)).key;
}

/**
 * GitHub tells times in whole seconds. Of two different words about one second the one that is heard last may be the older one, a
 * webhook that was sent again much later, say: then GitHub is asked how things stand.
 */
export async function newestWord(books: MirrorBooks, issue: MirroredIssue): Promise<MirroredIssue> {
  const known = (await books.tasks.read(taskKeyOf(issue)))?.issue;
  const isUndecided = known !== undefined && known.updatedAt === issue.updatedAt && !sameData(known, issue);
  const repository = parseFullName(issue.repository);
  if (!isUndecided || books.lookUp === undefined || repository === undefined) return issue;
  return (await seen(books.lookUp, { repository, number: issue.number })) ?? issue;
}

/** A stranger's text may name a repository that our token may not see: that is no fault of ours. */
async function seen(lookUp: LookUp, place: IssuePlace): Promise<MirroredIssue | undefined> {
  try {
    return await lookUp(place);
  } catch (error) {
    const hidden = error instanceof EntropyError && (error.code === 'E202' || error.code === 'E204');
    if (hidden) return undefined;
    throw error;
  }
}
