import type { Clock } from '../../ports/clock.ts';
import type { Forge, PullRequestInfo } from '../../ports/forge.ts';

/** Between two questions; fifteen seconds in all. GitHub begins to work it out when it is asked, and is mostly done in a few. */
const pausesMs = [1_000, 2_000, 4_000, 8_000];

/**
 * The pull request once GitHub tells whether it can be merged; it forgets that with every push to either branch. Still `unknown`
 * when it takes longer than this: nobody guesses then.
 */
export async function knownMergeable(
  { forge, clock }: { readonly forge: Pick<Forge, 'pullRequest'>; readonly clock: Clock },
  pull: PullRequestInfo,
  signal: AbortSignal,
): Promise<PullRequestInfo> {
  let now = pull;
  for (const pause of pausesMs) {
    if (now.mergeable !== 'unknown' || now.state !== 'open') return now;
    await clock.sleep(pause, signal);
    now = (await forge.pullRequest(pull.number)) ?? now;
  }
  return now;
}
