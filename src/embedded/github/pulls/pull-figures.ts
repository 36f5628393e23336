import { diffFiles, diffStat, type FileChange } from '../git/diff.ts';
import { aheadBehind, mergeBase, writeCommit } from '../git/history.ts';
import { mergeTrees } from '../git/merge.ts';
import { zeroSha } from '../git/ref-name.ts';
import type { PullIssue } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';
import { isoSeconds } from '../state/timestamp.ts';

/** What GitHub works out from git about a pull request. */
export interface PullFigures {
  readonly mergeable: boolean | null;
  readonly mergeableState: 'clean' | 'dirty' | 'draft' | 'behind' | 'unknown' | 'unstable';
  /** The commit that merging would make: `refs/pull/<n>/merge`. */
  readonly testMergeSha: string | null;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

const cache = new WeakMap<Repository, Map<number, { readonly key: string; readonly figures: PullFigures }>>();

/** Computed once for each pair of commits. */
export async function pullFigures(repository: Repository, issue: PullIssue): Promise<PullFigures> {
  const known = cache.get(repository) ?? new Map<number, { key: string; figures: PullFigures }>();
  cache.set(repository, known);
  const { pull } = issue;
  const key = [pull.base.sha, pull.head.sha, issue.state, pull.draft, pull.merge?.sha].join(' ');
  const cached = known.get(issue.number);
  if (cached?.key === key) return cached.figures;
  const figures = await compute(repository, issue);
  known.set(issue.number, { key, figures });
  return figures;
}

const asked = new WeakMap<Repository, Map<number, string>>();

/**
 * What the API tells: GitHub begins to work out whether a pull request can be merged when somebody asks after a push to either
 * branch, and tells nothing until it is done. So the first answer of each pair of commits says null.
 */
export async function toldFigures(repository: Repository, issue: PullIssue): Promise<PullFigures> {
  const figures = await pullFigures(repository, issue);
  if (figures.mergeable === null) return figures;
  const { base, head } = issue.pull;
  const before = asked.get(repository) ?? new Map<number, string>();
  asked.set(repository, before);
  const pair = `${base.sha} ${head.sha}`;
  if (before.get(issue.number) === pair) return figures;
  before.set(issue.number, pair);
  return { ...figures, mergeable: null, mergeableState: 'unknown', testMergeSha: null };
}

async function compute(repository: Repository, issue: PullIssue): Promise<PullFigures> {
  const { git } = repository;
  const { pull } = issue;
  const { from, to } = await diffRange(repository, issue);
  const [stat, { ahead }] = await Promise.all([diffStat(git, from, to), aheadBehind(git, from, to)]);
  const sizes = {
    commits: ahead,
    additions: stat.additions,
    deletions: stat.deletions,
    changedFiles: stat.files,
  };
  const closed = issue.state === 'closed' || pull.merge !== undefined;
  if (closed) return { ...sizes, mergeable: null, mergeableState: 'unknown', testMergeSha: pull.merge?.sha ?? null };
  const testMergeSha = await writeTestMerge(repository, issue);
  if (testMergeSha === undefined) return { ...sizes, mergeable: false, mergeableState: 'dirty', testMergeSha: null };
  return { ...sizes, mergeable: true, mergeableState: pull.draft ? 'draft' : 'clean', testMergeSha };
}

async function writeTestMerge(repository: Repository, issue: PullIssue): Promise<string | undefined> {
  const { git } = repository;
  const { base, head } = issue.pull;
  const merged = await mergeTrees(git, base.sha, head.sha);
  if (merged.kind === 'conflict') return undefined;
  // The date of the head, so that the same two commits always give the same merge commit.
  const date = (await git.commit(head.sha))?.committer.date ?? isoSeconds(0);
  const by = { name: 'GitHub', email: 'noreply@github.com', date };
  const message = `Merge ${head.sha} into ${base.sha}`;
  const parents = [base.sha, head.sha];
  const sha = await writeCommit(git, { tree: merged.tree, parents, message, author: by, committer: by });
  const name = `refs/pull/${issue.number}/merge`;
  await git.updateRef(name, sha, (await git.ref(name))?.sha ?? zeroSha);
  return sha;
}

/** The two commits between which a pull request's diff lies: from where it left the base to its head. */
export async function diffRange(repository: Repository, issue: PullIssue): Promise<{ from: string; to: string }> {
  const { base, head } = issue.pull;
  const from = await mergeBase(repository.git, base.sha, head.sha);
  return { from: from ?? base.sha, to: head.sha };
}

export async function pullFiles(repository: Repository, issue: PullIssue): Promise<FileChange[]> {
  const { from, to } = await diffRange(repository, issue);
  return diffFiles(repository.git, from, to);
}
