import { EntropyError } from '../domain/error.ts';
import type { CommentSnapshot } from '../domain/issue.ts';
import { sameWritten } from '../domain/same-text.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import type { ReviewInfo } from '../ports/forge-reviews.ts';
import type { PublishRun } from './publish-run.ts';

/** GitHub may show what was just written only after a moment. */
const pausesMs = [0, 500, 1_500, 4_000];

/** Branch and pull request as GitHub tells them now; E206 unless they are what was written. */
export async function readBackPull(
  run: PublishRun,
  expected: { readonly branch: string; readonly headSha: string; readonly number: number },
): Promise<PullRequestInfo> {
  const { branch, headSha, number } = expected;
  return patiently(run, `pull request #${number} on ${branch} at ${headSha}`, async () => {
    const head = await run.forge.branchHead(branch);
    if (head !== headSha) return { kind: 'differs', found: `the branch is at ${head ?? 'nothing'}` };
    const pull = await run.forge.pullRequest(number);
    if (pull === undefined) return { kind: 'differs', found: 'there is no such pull request' };
    if (pull.state !== 'open') return { kind: 'differs', found: `it is ${pull.state}` };
    if (pull.headBranch !== branch || pull.headSha !== headSha)
      return { kind: 'differs', found: `it is of ${pull.headBranch} at ${pull.headSha}` };
    return { kind: 'same', value: pull };
  });
}

/** A comment as GitHub tells it now; E206 unless it says what was written. */
export async function readBackComment(run: PublishRun, written: CommentSnapshot, body: string): Promise<void> {
  await patiently(run, `the comment ${written.id}`, async () => {
    const found = await run.forge.comment(written.id);
    if (found === undefined) return { kind: 'differs', found: 'it is gone' };
    return sameWritten(found.body, body)
      ? { kind: 'same', value: found }
      : { kind: 'differs', found: 'it says something else' };
  });
}

/** The labels of an issue as GitHub tells them now; E206 unless those that were set are there. */
export async function readBackLabels(run: PublishRun, issue: number, set: readonly string[]): Promise<void> {
  if (set.length === 0) return;
  await patiently(run, `the labels of #${issue}`, async () => {
    const { labels } = await run.forge.issue(issue);
    const there = new Set(labels.map((label) => label.toLowerCase()));
    const missing = set.filter((label) => !there.has(label.toLowerCase()));
    return missing.length === 0
      ? { kind: 'same', value: labels }
      : { kind: 'differs', found: `${missing.map((label) => JSON.stringify(label)).join(', ')} not there` };
  });
}

/** A review as GitHub tells it now; E206 unless it says what was written. */
export async function readBackReview(
  run: PublishRun,
  { pull, id, body }: { readonly pull: number; readonly id: number; readonly body: string },
): Promise<ReviewInfo> {
  return patiently(run, `review ${id} of pull request #${pull}`, async () => {
    const found = (await run.forge.reviews.reviews(pull)).find((review) => review.id === id);
    if (found === undefined) return { kind: 'differs', found: 'it is gone' };
    return sameWritten(found.body, body)
      ? { kind: 'same', value: found }
      : { kind: 'differs', found: 'it says something else' };
  });
}

type Look<T> = { readonly kind: 'same'; readonly value: T } | { readonly kind: 'differs'; readonly found: string };

async function patiently<T>(run: PublishRun, what: string, look: () => Promise<Look<T>>): Promise<T> {
  let found = '';
  for (const pauseMs of pausesMs) {
    if (pauseMs > 0) await run.clock.sleep(pauseMs, run.signal);
    const seen = await look();
    if (seen.kind === 'same') return seen.value;
    found = seen.found;
  }
  throw new EntropyError({
    code: 'E206',
    message: `${what} was written, but reading it back says otherwise: ${found}`,
    fix: 'look at it on GitHub; if it is right, GitHub was slow, and re-running the publish job settles it',
    retryable: true,
  });
}
