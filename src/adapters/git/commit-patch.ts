import { EntropyError } from '../../domain/error.ts';
import type { PatchManifest } from '../../domain/patch.ts';
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
