import { EntropyError } from '../../domain/error.ts';
import type { PatchManifest } from '../../domain/patch.ts';
import { isBranchName } from '../../domain/ref-name.ts';
import { adoptPatch } from './adopt-patch.ts';
import { type GitPlace, gitLine, tryGit } from './git-command.ts';

export interface CommitPatchRequest {
  /** The person's own repository: objects and one new ref are written to it, nothing else. */
  readonly place: GitPlace;
  readonly patch: PatchManifest;
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly message: string;
  readonly signal: AbortSignal;
}

/** Asked before anything is spent on a run: E100 for what is no name of a branch, E604 for one that is there already. */
export async function checkNewBranch(request: Pick<CommitPatchRequest, 'place' | 'branch' | 'signal'>): Promise<void> {
  const { place, branch, signal } = request;
  if (!isBranchName(branch)) {
    throw new EntropyError({
      code: 'E100',
      message: `${JSON.stringify(branch)} is not the name of a branch`,
      fix: 'choose one such as agent/the-fix',
    });
  }
  const found = await tryGit({ args: ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`], place, signal });
  if (found.exitCode !== 0) return;
  throw new EntropyError({
    code: 'E604',
    message: `the branch ${branch} is there already, and a branch is never moved`,
    fix: `choose another name (--branch NAME), or remove the old one: git branch -D ${branch}`,
  });
}

/** A new local branch with the patch as one commit on its base. A branch of that name is never moved: E604. */
export async function commitPatch({ place, patch, branch, message, signal }: CommitPatchRequest): Promise<string> {
  const treeSha = await adoptPatch({ place, patch, signal });
  const args = ['commit-tree', treeSha, '-p', patch.base.sha];
  const now = `@${Math.floor(Date.now() / 1000)} +0000`;
  const sha = await gitLine({ args, place: { ...place, date: now }, stdin: message, signal });
  const ref = `refs/heads/${branch}`;
  const made = await tryGit({ args: ['update-ref', ref, sha, '0'.repeat(40)], place, signal });
  if (made.exitCode === 0) return sha;
  throw new EntropyError({
    code: 'E604',
    message: `the branch ${branch} cannot be made: ${made.stderr.trim()}`,
    fix: `choose another name (--branch NAME), or remove the old one: git branch -D ${branch}; the commit is ${sha}`,
  });
}
