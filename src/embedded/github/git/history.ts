import type { BareRepository } from './bare-repository.ts';
import type { CommitObject, Signature } from './commit-object.ts';

export interface NewCommitObject {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

export async function writeCommit(git: BareRepository, commit: NewCommitObject): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const env = {
    GIT_AUTHOR_NAME: commit.author.name,
    GIT_AUTHOR_EMAIL: commit.author.email,
    GIT_AUTHOR_DATE: commit.author.date,
    GIT_COMMITTER_NAME: commit.committer.name,
    GIT_COMMITTER_EMAIL: commit.committer.email,
    GIT_COMMITTER_DATE: commit.committer.date,
  };
  return git.text(['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', commit.tree, ...parents], {
    env,
    stdin: commit.message,
  });
}

export async function mergeBase(git: BareRepository, one: string, other: string): Promise<string | undefined> {
  const exit = await git.run(['merge-base', one, other], { accept: [1] });
  return exit.code === 0 ? exit.stdout.toString('utf8').trim() : undefined;
}

export async function isAncestor(git: BareRepository, ancestor: string, descendant: string): Promise<boolean> {
  if (ancestor === descendant) return true;
  const exit = await git.run(['merge-base', '--is-ancestor', ancestor, descendant], { accept: [1] });
  return exit.code === 0;
}

/** Commits on each side of the fork: `ahead` only in head, `behind` only in base. */
export async function aheadBehind(
  git: BareRepository,
  base: string,
  head: string,
): Promise<{ ahead: number; behind: number }> {
  const out = await git.text(['rev-list', '--left-right', '--count', `${base}...${head}`]);
  const [behind = '0', ahead = '0'] = out.split(/\s+/);
  return { ahead: Number(ahead), behind: Number(behind) };
}

export interface LogQuery {
  readonly from: string;
  readonly not?: string;
  readonly path?: string;
  readonly skip?: number;
  readonly limit?: number;
  readonly oldestFirst?: boolean;
  readonly since?: string;
  readonly until?: string;
}

export async function log(git: BareRepository, query: LogQuery): Promise<CommitObject[]> {
  const args = ['rev-list', '--topo-order'];
  if (query.skip !== undefined) args.push(`--skip=${query.skip}`);
  if (query.limit !== undefined) args.push(`--max-count=${query.limit}`);
  if (query.oldestFirst === true) args.push('--reverse');
  if (query.since !== undefined) args.push(`--since=${query.since}`);
  if (query.until !== undefined) args.push(`--until=${query.until}`);
  args.push(query.from, ...(query.not === undefined ? [] : [`^${query.not}`]), '--');
  if (query.path !== undefined) args.push(query.path);
  const out = await git.text(['--literal-pathspecs', ...args]);
  const shas = out.split('\n').filter(Boolean);
  const commits = await Promise.all(shas.map((sha) => git.commit(sha)));
  return commits.filter((commit) => commit !== undefined);
}
