import type { HeadNow } from '../domain/held/decide-approval.ts';
import { type Plan, plannedPaths } from '../domain/held/plan.ts';
import { asCodeSpan } from '../domain/outgoing-text.ts';
import { foldPath } from '../domain/protected-paths.ts';
import type { Forge } from '../ports/forge.ts';

/** Where the branch stands that a plan was made for: an approval is bound to it. */
export async function headNow(forge: Forge, plan: Plan): Promise<HeadNow> {
  const { continues, base } = plan;
  if (continues === undefined) return baseNow(forge, plan);
  const { branch, headSha, pullRequest } = continues;
  const pull = await forge.pullRequest(pullRequest);
  if (pull?.state !== 'open') return changed(`pull request #${pullRequest} is no longer open`);
  if (pull.baseBranch !== base.branch) return changed(`pull request #${pullRequest} goes to another branch now`);
  const head = await forge.branchHead(branch);
  if (head === undefined) return changed(`the branch ${asCodeSpan(branch, 100)} is gone`);
  return head === headSha
    ? { kind: 'same' }
    : changed(`somebody pushed to ${asCodeSpan(branch, 100)} since: it is at ${short(head)}`);
}

/** A base that went on is no other plan, as long as nobody touched what the plan changes: a pull request may be behind. */
async function baseNow(forge: Forge, plan: Plan): Promise<HeadNow> {
  const { base } = plan;
  const name = asCodeSpan(base.branch, 100);
  const head = await forge.branchHead(base.branch);
  if (head === undefined) return changed(`the branch ${name} is gone`);
  const found = await forge.compare(base.sha, head);
  switch (found.kind) {
    case 'same':
      return found;
    case 'apart':
      return changed(`the history of ${name} was rewritten since: it is at ${short(head)}`);
    case 'ahead': {
      if (found.paths === undefined) return changed(`more was changed on ${name} since than GitHub tells`);
      const touched = touchedBy(found.paths, plannedPaths(plan));
      if (touched.length === 0) return { kind: 'ahead' };
      const shown = touched.slice(0, 5).map((path) => asCodeSpan(path, 100));
      return changed(`${shown.join(', ')} was changed on ${name} since`);
    }
    default:
      return found satisfies never;
  }
}

/** The same file, or one in the place of the other's folder. */
function touchedBy(changedSince: readonly string[], planned: readonly string[]): readonly string[] {
  const theirs = changedSince.map(foldPath);
  const lies = (path: string, within: string): boolean => path === within || path.startsWith(`${within}/`);
  return planned.filter((path) => theirs.some((other) => lies(foldPath(path), other) || lies(other, foldPath(path))));
}

function changed(what: string): HeadNow {
  return { kind: 'changed', what };
}

function short(sha: string): string {
  return `\`${sha.slice(0, 10)}\``;
}
