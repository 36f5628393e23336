import type { PatchManifest } from '../domain/patch.ts';
import { testText } from '../domain/step-summary.ts';
import { type Continuation, mergeIn } from '../domain/task.ts';
import type { TestRun } from '../domain/test-run.ts';
import { judgeTests } from '../domain/test-verdict.ts';
import { branchOf, type DeliveredBranch } from './deliver-branch.ts';
import { mayWrite } from './fence-guard.ts';
import { inspectChange } from './inspect-change.ts';
import type { Blocked, PublishRun, ReadyChange } from './publish-run.ts';
import { softRules } from './soft-rules.ts';
import { isCommitOf, writeCommit } from './write-commit.ts';

const maxAttempts = 3;

interface Attempt {
  readonly manifest: PatchManifest;
  readonly testsMerged?: TestRun;
}

/**
 * One more commit on a branch that an earlier run made. The branch only ever moves forward: when somebody pushed to it
 * meanwhile, the change is merged onto what they pushed, tested again and tried again, a few times; never forced.
 */
export async function deliverContinuation(
  run: PublishRun,
  change: ReadyChange,
  { branch, pullRequest }: Continuation,
): Promise<DeliveredBranch> {
  const pull = await run.forge.pullRequest(pullRequest);
  if (pull?.state !== 'open') return keepWork(run, change, `Pull request #${pullRequest} is no longer open.`);
  let current: Attempt = { manifest: change.manifest };
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const head = await run.forge.branchHead(branch);
    if (head === undefined) return keepWork(run, change, `The branch ${branch} is gone.`);
    if (head !== startOf(run, current.manifest)) {
      if (await isCommitOf(run, current.manifest, head))
        return { kind: 'delivered', branch, headSha: head, ...current };
      if (run.task.approved !== undefined) return movedSinceApproval(branch, head);
      if (mergeIn(run.task) !== undefined)
        return keepWork(run, change, `Somebody pushed to ${branch} while its base was merged.`);
      const merged = await mergeOnto(run, change, { branch, head });
      if (merged.kind !== 'merged') return merged;
      current = merged.attempt;
    }
    await mayWrite(run, 'commit');
    const sha = await writeCommit(run, { ...change, manifest: current.manifest });
    await mayWrite(run, 'branch');
    // What GitHub was asked to merge was the head before: whether this one may be merged by itself is for its own tests to say.
    const merging = await run.forge.takeBackMerge(pullRequest);
    if (merging === 'taken-back')
      run.log(`pull request #${pullRequest}: GitHub was to merge it by itself, and is not any more`);
    const moved = await run.forge.updateBranch(branch, sha);
    if (moved === 'updated') return { kind: 'delivered', branch, headSha: sha, ...current };
    run.log(`branch ${branch} moved while this run was publishing (attempt ${attempt} of ${maxAttempts})`);
  }
  return keepWork(run, change, `The branch ${branch} moved ${maxAttempts} times while this run was publishing.`);
}

/** The head that the branch must have for this commit to go on it. */
function startOf({ task }: PublishRun, { base }: PatchManifest): string {
  return mergeIn(task)?.oursSha ?? base.sha;
}

/** What was approved is this change on that commit; merged with anything else it would be another one. */
function movedSinceApproval(branch: string, head: string): Blocked {
  return {
    kind: 'blocked',
    code: 'E605',
    reason: `Somebody pushed to ${branch} after the change was approved: it is at ${head}. Nothing was published.`,
    next: 'Comment `/agent retry` to have it made on the new state.',
  };
}

type Merged = { readonly kind: 'merged'; readonly attempt: Attempt } | DeliveredBranch;

/** Always from the patch as it was handed over: merging a merge again would add up mistakes. */
async function mergeOnto(
  run: PublishRun,
  change: ReadyChange,
  { branch, head }: { readonly branch: string; readonly head: string },
): Promise<Merged> {
  const pushed = `Somebody pushed to ${branch} while the agent worked.`;
  if (run.remerge === undefined)
    return keepWork(run, change, `${pushed} This job cannot merge and test, for it runs no code of the repository.`);
  const merged = await run.remerge(change.manifest, head, run.signal);
  switch (merged.kind) {
    case 'nothing-left':
      return { kind: 'delivered', branch, headSha: head, manifest: change.manifest };
    case 'conflict':
      return keepWork(run, change, `${pushed} Both changed ${merged.paths.slice(0, 10).join(', ')}.`);
    case 'unavailable':
      return keepWork(run, change, `${pushed} The changes could not be merged here: ${merged.reason}.`);
    case 'merged':
      break;
    default:
      return merged satisfies never;
  }
  const base = await run.forge.commit(head);
  const fits = merged.manifest.base.sha === head && merged.manifest.base.treeSha === base.treeSha;
  if (!fits) throw new Error(`the merge onto ${head} is against ${merged.manifest.base.sha}`);
  const refused = await inspectChange(run, { ...change, manifest: merged.manifest }, merged.tests);
  if (refused !== undefined) return refused;
  const broken = merged.tests !== undefined && judgeTests(change.result.testsBefore, merged.tests).kind === 'broken';
  if (broken && merged.tests !== undefined)
    return keepWork(run, change, `${pushed} Merged with that, \`${merged.tests.command}\` ${testText(merged.tests)}.`);
  const asked = await softRules(run, { ...change, manifest: merged.manifest });
  if (asked.length > 0) {
    // What is kept is the change itself, for which nobody was to be asked.
    const named = asked.slice(0, 5).map(({ path, message }) => `${path} (${message})`);
    return keepWork(run, change, `${pushed} Merged with that, a person approves it first: ${named.join(', ')}.`);
  }
  const tested = merged.tests === undefined ? {} : { testsMerged: merged.tests };
  return { kind: 'merged', attempt: { manifest: merged.manifest, ...tested } };
}

/**
 * Work that cannot go onto its branch is kept as a commit on a new one, beside it, without a pull request: a person
 * can merge it by hand, and nothing of what was paid for is lost.
 */
async function keepWork(run: PublishRun, change: ReadyChange, why: string): Promise<Blocked> {
  const branch = branchOf(run.task, change.submission.title);
  const kept = await keptOn(run, change, branch);
  const target = run.task.continues?.branch ?? run.task.base.branch;
  return {
    kind: 'blocked',
    code: 'E604',
    reason: kept ? `${why} The work is kept on the branch ${branch}.` : why,
    next: kept
      ? `Merge it by hand (\`git merge origin/${branch}\` on \`${target}\`), or comment \`/agent retry\` to have it done on the new state.`
      : 'Comment `/agent retry` to have it done on the new state.',
    ...(kept ? { branch } : {}),
  };
}

async function keptOn(run: PublishRun, change: ReadyChange, branch: string): Promise<boolean> {
  const there = await run.forge.branchHead(branch);
  if (there !== undefined) return isCommitOf(run, change.manifest, there);
  await mayWrite(run, 'commit');
  const sha = await writeCommit(run, change);
  await mayWrite(run, 'kept-branch');
  return (await run.forge.createBranch(branch, sha)) === 'created';
}
