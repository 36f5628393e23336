import type { ClaimKey } from '../domain/claim.ts';
import type { Dependency } from '../domain/coordination/dependency.ts';
import { taskKeyOf } from '../domain/coordination/task-key.ts';
import type { MirroredIssue } from '../domain/coordination/task-record.ts';
import { fullName, type IssuePlace, type RepositoryRef } from '../domain/repository.ts';
import type { ForgeIssues, ListedIssue } from '../ports/forge-issues.ts';
import { type LookUp, type MirrorBooks, type MirroredEdges, mirrorEdges, mirrorText, noEdges } from './mirror-issue.ts';

export interface SyncBooks extends Omit<MirrorBooks, 'lookUp'> {
  readonly issues: ForgeIssues;
  /** Bounds what texts make us ask for; absent: whoever looks asks for all of it. */
  readonly lookUps?: (ask: LookUp) => LookUp;
}

export interface SyncRequest {
  readonly repository: RepositoryRef;
  /** Only what changed at or after this moment (ISO 8601); everything when absent. */
  readonly since?: string;
  readonly actor: string;
  /** Told after every hundred issues: whoever is interrupted goes on with this `since`. */
  readonly reached?: (since: string) => void | Promise<void>;
}

export interface SyncReport {
  /** `octo/slug`. */
  readonly repository: string;
  /** Issues and pull requests that GitHub told of. */
  readonly issues: number;
  readonly dependencies: number;
  /** Edges that would have closed a circle were left out; the path of each. */
  readonly cycles: readonly (readonly ClaimKey[])[];
  /** `octo/other#3`: named in texts, and not to be found. */
  readonly missing: readonly string[];
  /** What to ask from the next time; absent when the repository has no issue. */
  readonly next?: string;
}

/**
 * Takes over what GitHub says about the issues of a repository and what they wait for. First all issues, then their
 * edges, so that an edge leads to an issue that is known. Doing it again changes nothing; webhooks may come meanwhile, the
 * newer word counts. An edge that was changed on GitHub may leave an issue's time as it is: now and then everything should
 * be asked for.
 */
export async function syncRepository(
  books: SyncBooks,
  { repository, since, actor, reached }: SyncRequest,
  signal?: AbortSignal,
): Promise<SyncReport> {
  const pages: (readonly ListedIssue[])[] = [];
  const seen = new Set<number>();
  for await (const page of books.issues.changedSince(since)) {
    signal?.throwIfAborted();
    pages.push(page);
    for (const { issue } of page) {
      seen.add(issue.number);
      await books.tasks.mirror(issue, actor);
    }
  }

  const lookUp: LookUp = async (place) => (await books.issues.find(place))?.issue;
  const mirroring = { ...books, lookUp: books.lookUps?.(lookUp) ?? lookUp };
  const edges: MirroredEdges[] = [];
  let next: string | undefined;
  for (const page of pages) {
    for (const listed of page) {
      signal?.throwIfAborted();
      edges.push(...(await mirrorLinks(mirroring, listed, actor)));
      edges.push(await mirrorText(mirroring, listed.issue, actor));
    }
    next = secondOf(page);
    if (next !== undefined) await reached?.(next);
  }
  const missing = edges.flatMap((told) => told.missing.map(nameOf));
  return {
    repository: fullName(repository),
    issues: seen.size,
    dependencies: edges.reduce((sum, told) => sum + told.edges, 0),
    cycles: edges.flatMap((told) => told.cycles),
    missing: [...new Set(missing)],
    ...(next !== undefined && { next }),
  };
}

/** What GitHub itself keeps: dependencies and sub-issues. Who has none is not asked about them. */
async function mirrorLinks(
  books: MirrorBooks & Pick<SyncBooks, 'issues'>,
  { issue, links }: ListedIssue,
  actor: string,
): Promise<readonly MirroredEdges[]> {
  if (links === undefined || issue.forgeState === 'closed') return [noEdges];
  const key = taskKeyOf(issue);
  const blockers = links.blockedBy === 0 ? [] : await books.issues.blockedBy(issue.number);
  const children = links.subIssues === 0 ? [] : await books.issues.subIssues(issue.number);
  // Those of other repositories come to be known this way only.
  for (const other of [...blockers, ...children]) await books.tasks.mirror(other, actor);
  const waits = blockers.map(
    (other) => ({ kind: 'blocks', from: taskKeyOf(other), to: key, source: 'github' }) as const,
  );
  const parts = children.map((other) => partOf(key, other));
  return [
    { ...(await mirrorEdges(books, { key, source: 'github', told: waits, actor })), missing: [] },
    { ...(await mirrorEdges(books, { key, source: 'sub-issue', told: parts, actor })), missing: [] },
  ];
}

function partOf(key: ClaimKey, child: MirroredIssue): Dependency {
  return { kind: 'parent', from: key, to: taskKeyOf(child), source: 'sub-issue' };
}

/** GitHub's times are whole seconds; what else happened in that second is asked for again. */
function secondOf(page: readonly ListedIssue[]): string | undefined {
  const last = page.at(-1)?.issue.updatedAt;
  return last === undefined ? undefined : new Date(last).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function nameOf({ repository, number }: IssuePlace): string {
  return `${fullName(repository)}#${number}`;
}
