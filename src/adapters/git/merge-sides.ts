import { ourLabel, theirLabel } from '../../domain/conflicts/conflict-marks.ts';
import { type GitPlace, gitFault, gitLine, tryGit } from './git-command.ts';
import { splitZero } from './raw-diff.ts';

export interface MergeSides {
  /** Where the two parted, and the two; their trees must be there, their history need not. */
  readonly forkSha: string;
  readonly oursSha: string;
  readonly theirsSha: string;
}

export interface StartedMerge {
  /** All files of the merge; those that git cannot merge hold its conflict marks, with what the fork had between them. */
  readonly treeSha: string;
  readonly conflicted: readonly string[];
}

/**
 * git's own three-way merge of two commits, without a working copy. Commits of our own stand for the three, so that it works in a
 * shallow clone, and the marks name the sides instead of ids. Always the same ids for the same trees.
 */
export async function mergeSides(place: GitPlace, sides: MergeSides, signal: AbortSignal): Promise<StartedMerge> {
  const commit = async (sha: string, parent?: string): Promise<string> => {
    const tree = await gitLine({ args: ['rev-parse', '--verify', `${sha}^{tree}`], place, signal });
    const parents = parent === undefined ? [] : ['-p', parent];
    return gitLine({ args: ['commit-tree', tree, ...parents, '-m', 'merge'], place, signal });
  };
  const fork = await commit(sides.forkSha);
  // The parents differ from each other in nothing but their trees: the same tree twice is the same commit, and merges to itself.
  for (const [label, sha] of [
    [ourLabel, sides.oursSha],
    [theirLabel, sides.theirsSha],
  ] as const) {
    await gitLine({ args: ['update-ref', `refs/heads/${label}`, await commit(sha, fork)], place, signal });
  }
  const style = ['-c', 'merge.conflictStyle=diff3', '-c', 'merge.renames=true'];
  const args = [...style, 'merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ourLabel, theirLabel];
  const answer = await tryGit({ args, place, signal });
  if (answer.exitCode !== 0 && answer.exitCode !== 1) {
    throw gitFault({ args }, `ended with ${answer.exitCode}: ${answer.stderr.slice(0, 800)}`);
  }
  const [treeSha = '', ...paths] = splitZero(answer.stdout).map((part) => part.toString('utf8'));
  return { treeSha, conflicted: [...new Set(paths.filter((name) => name !== ''))] };
}
