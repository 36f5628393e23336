import type { BareRepository } from './bare-repository.ts';
import type { Signature } from './commit-object.ts';
import { log, writeCommit } from './history.ts';

export type TreeMerge =
  | { readonly kind: 'clean'; readonly tree: string }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/** git's own three-way merge, over objects alone: no working copy, no index. */
export async function mergeTrees(git: BareRepository, ours: string, theirs: string): Promise<TreeMerge> {
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', '--allow-unrelated-histories'];
  const exit = await git.run([...args, ours, theirs], { accept: [1] });
  const [tree = '', ...paths] = exit.stdout.toString('utf8').split('\0').filter(Boolean);
  return exit.code === 0 ? { kind: 'clean', tree: tree.trim() } : { kind: 'conflict', paths };
}

export type Replay = { readonly kind: 'clean'; readonly head: string } | { readonly kind: 'conflict' };

/** `git rebase` over objects: each commit's change is merged onto the new base, with its own author and message. */
export async function replayCommits(
  git: BareRepository,
  range: { readonly onto: string; readonly head: string; readonly committer: Signature },
): Promise<Replay> {
  const commits = await log(git, { from: range.head, not: range.onto, oldestFirst: true });
  let onto = range.onto;
  for (const commit of commits) {
    const [parent] = commit.parents;
    // A merge commit's changes arrive through the commits that it joins.
    if (commit.parents.length > 1 || parent === undefined) continue;
    const tree = await pick(git, { onto, parent, commit: commit.sha });
    if (tree === undefined) return { kind: 'conflict' };
    const { message, author } = commit;
    onto = await writeCommit(git, { tree, parents: [onto], message, author, committer: range.committer });
  }
  return { kind: 'clean', head: onto };
}

/**
 * A cherry-pick with `merge-tree`: git 2.39 takes no explicit merge base, so a commit with the target's tree is put on
 * the picked commit's parent, which makes that parent the merge base.
 */
async function pick(
  git: BareRepository,
  step: { readonly onto: string; readonly parent: string; readonly commit: string },
): Promise<string | undefined> {
  const bridge: Signature = { name: 'bridge', email: 'bridge@localhost', date: '1970-01-01T00:00:01Z' };
  const tree = (await git.commit(step.onto))?.tree ?? '';
  const parents = [step.parent];
  const target = await writeCommit(git, { tree, parents, message: 'bridge', author: bridge, committer: bridge });
  const merged = await mergeTrees(git, target, step.commit);
  return merged.kind === 'clean' ? merged.tree : undefined;
}
