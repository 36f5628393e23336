import type { HeldUp } from './held-up.ts';
import type { Job } from './zombie-world.ts';

export interface Tried {
  readonly merges: readonly string[];
  readonly pushes: readonly string[];
}

/** Merging whatever is open for the issue with the commit that it knows, and pushing one more onto its branch. */
export async function tryAll({ forge }: Job, process: HeldUp, issue: number): Promise<Tried> {
  const merges: string[] = [];
  const pushes: string[] = [];
  const pushed = pushedBy(process);
  if (pushed === undefined) return { merges, pushes };
  for (const { name } of await forge.branchesWithPrefix(`agent/${issue}/`)) {
    for (const { number } of await forge.openPullRequests(name)) {
      merges.push((await forge.mergePullRequest(number, { sha: pushed.sha, method: 'squash' })).kind);
    }
  }
  const open = await forge.openPullRequests(pushed.branch);
  const { treeSha } = await forge.commit(pushed.sha);
  const more = await forge.createCommit({ message: 'One more', treeSha, parents: [pushed.sha] });
  const moved = await forge.updateBranch(pushed.branch, more.sha);
  pushes.push(open.length === 0 ? `${moved}, without a pull request` : moved);
  return { merges, pushes };
}

/** The branch that a process moved last, and its commit there. */
function pushedBy({ writes }: HeldUp): { readonly branch: string; readonly sha: string } | undefined {
  for (const { method, path, body, status } of [...writes].reverse()) {
    const moves = path.includes('/git/refs') && status < 300;
    const { ref, sha } = moves ? JSON.parse(body) : { ref: '', sha: '' };
    const name = /heads\/(.+)$/.exec(method === 'POST' ? String(ref) : decodeURIComponent(path))?.[1];
    if (moves && name !== undefined) return { branch: name, sha: String(sha) };
  }
  return undefined;
}
