import { EntropyError } from '../domain/error.ts';
import type { PullSnapshot } from '../domain/pull-snapshot.ts';
import type { PullRequestInfo } from '../ports/forge.ts';
import type { PublishRun } from './publish-run.ts';

/** The pull request that was looked at, as it is by now. */
export type PullNow =
  | {
      readonly kind: 'open';
      /** As it was looked at. */
      readonly pull: PullSnapshot;
      readonly now: PullRequestInfo;
      /** Where its head is by now, when that is elsewhere. */
      readonly movedTo?: string;
    }
  /** Nobody waits for what is said about it. `what` is a sentence of ours. */
  | { readonly kind: 'over'; readonly what: string };

export async function pullNow({ forge, task }: PublishRun): Promise<PullNow> {
  const { pull } = task;
  if (pull === undefined) {
    const message = `run ${task.runId} is of a ${task.work}, and its task names no pull request`;
    throw new EntropyError({ code: 'E603', message, fix: 'start the run again' });
  }
  const now = await forge.pullRequest(pull.number);
  if (now === undefined) return { kind: 'over', what: `Pull request #${pull.number} is gone.` };
  if (now.state !== 'open') {
    const how = now.merged ? 'merged' : 'closed';
    return { kind: 'over', what: `Pull request #${pull.number} was ${how} meanwhile, so nothing is said about it.` };
  }
  return { kind: 'open', pull, now, ...(now.headSha !== pull.headSha && { movedTo: now.headSha }) };
}
