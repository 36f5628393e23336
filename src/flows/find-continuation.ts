import { issueBranchPrefix, parseBranchName } from '../domain/branch-name.ts';
import type { Continuation } from '../domain/task.ts';
import type { Forge } from '../ports/forge.ts';

export interface FoundContinuation {
  readonly continuation: Continuation;
  readonly baseBranch: string;
}

/** Branches without an open pull request pile up; only the newest few are looked at. */
const maxBranches = 10;

/** The open pull request that an agent made for this issue; the one with the highest fence when there are several. */
export async function findContinuation(
  forge: Forge,
  prefix: string,
  issue: number,
): Promise<FoundContinuation | undefined> {
  const branches = await forge.branchesWithPrefix(issueBranchPrefix(prefix, issue));
  const newestFirst = branches
    .flatMap(({ name }) => {
      const parsed = parseBranchName(prefix, name);
      return parsed?.issue === issue ? [{ name, fence: parsed.fence }] : [];
    })
    .sort((a, b) => b.fence - a.fence);
  for (const { name } of newestFirst.slice(0, maxBranches)) {
    const [pull] = await forge.openPullRequests(name);
    if (pull === undefined) continue;
    return {
      continuation: { branch: name, headSha: pull.headSha, pullRequest: pull.number },
      baseBranch: pull.baseBranch,
    };
  }
  return undefined;
}
