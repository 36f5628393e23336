import { type GitPlace, tryGit } from './git-command.ts';

/** The commit of a branch of this repository, or of the same branch as `origin` had it; undefined when there is neither. */
export async function findBranch(place: GitPlace, branch: string, signal: AbortSignal): Promise<string | undefined> {
  for (const ref of [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`]) {
    const answer = await tryGit({ args: ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], place, signal });
    if (answer.exitCode === 0) return answer.stdout.toString('utf8').trim();
  }
  return undefined;
}
