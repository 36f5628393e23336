import { EntropyError } from '../domain/error.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { TrackingEnd } from '../domain/tracking-comment.ts';
import { closeTracking, isStillOpen } from './close-tracking.ts';
import { mayWrite } from './fence-guard.ts';
import type { Blocked, PublishReport, PublishRun } from './publish-run.ts';
import { tellSaved } from './tell-saved.ts';

/** Tells an end that delivers nothing. A text that would tell a secret is left out, and that is a failure. */
export async function endWithout(run: PublishRun, result: RunResult, end: TrackingEnd): Promise<PublishReport> {
  await mayWrite(run, 'close');
  const { told } = await closeTracking({ ...run, result, end });
  if (told === 'all') return { outcome: result.outcome, reason: result.reason, result };
  const reason = 'What the agent wanted to tell seems to hold a secret; it was left out.';
  const error = { code: 'E602', message: reason, fix: 'if the agent could see a real secret, revoke it' } as const;
  return { outcome: 'failed', reason, error };
}

/** An honest end that is not the agent's own word: nothing was to be said, or nobody waits for it any more. */
export async function endAs(
  run: PublishRun,
  result: RunResult,
  end: { readonly kind: 'no_change'; readonly reason: string },
): Promise<PublishReport> {
  const report = await endWithout(run, result, { ...end, what: 'has nothing to tell' });
  return report.error === undefined ? { ...report, outcome: end.kind, reason: end.reason } : report;
}

/** Something that a person can do about it; nothing that would have to be taken back was published. */
export async function endBlocked(
  run: PublishRun,
  result: RunResult,
  { code, reason, next }: Blocked,
): Promise<PublishReport> {
  const report = await endWithout(run, result, { kind: 'blocked', reason: `${reason} (${code})`, next });
  if (report.error !== undefined) return report;
  return { ...report, outcome: 'blocked', reason, error: { code, message: reason, fix: next } };
}

/** Every check was made and nothing was written. Not `succeeded`: nothing was delivered. */
export async function endDryRun(run: PublishRun, result: RunResult, would: string): Promise<PublishReport> {
  const reason = `Dry run: all checks passed; it would ${would}.`;
  const report = await endWithout(run, result, { kind: 'no_change', reason });
  return report.error === undefined ? { ...report, outcome: 'no_change', reason } : report;
}

/** A fault with a code: the comment tells it, if it still can be written. */
export async function endFailed(
  run: PublishRun,
  result: RunResult | undefined,
  fault: EntropyError,
): Promise<PublishReport> {
  const { standing, error } = await standingOf(run, fault);
  const end: TrackingEnd =
    standing === 'lost'
      ? { kind: 'stopped', reason: error.message }
      : { kind: 'failed', reason: `${error.code}: ${error.message}`, next: asAdvice(error) };
  try {
    // After a stop or a take-over the end may have been told already, and better than here.
    // What was approved is gone as well when all is published and only the job is repeated: its end was told then.
    const open = (standing === 'ours' && error.code !== 'E605') || (await isStillOpen(run.forge, run.task));
    if (open) await closeTracking({ ...run, result, end });
    else await tellSaved(run, run.saved);
  } catch (second) {
    if (!(second instanceof EntropyError)) throw second;
    run.log(`the tracking comment could not be closed: ${second.code} ${second.message}`);
  }
  const outcome = standing === 'lost' ? 'cancelled' : 'failed';
  const report: PublishReport = { outcome, reason: error.message, error };
  return result === undefined ? report : { ...report, result };
}

interface Standing {
  readonly standing: 'ours' | 'lost' | 'unknown';
  readonly error: EntropyError;
}

/** Many a fault comes of a lost claim: a newer run moved the branch on, say. Then that is what has to be told. */
async function standingOf(run: PublishRun, fault: EntropyError): Promise<Standing> {
  if (fault.code === 'E701') return { standing: 'lost', error: fault };
  try {
    await mayWrite(run, 'close');
    return { standing: 'ours', error: fault };
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    return error.code === 'E701' ? { standing: 'lost', error } : { standing: 'unknown', error: fault };
  }
}

function asAdvice({ fix, retryable }: EntropyError): string {
  const advice = fix.includes('\n') ? `\`\`\`\n${fix}\n\`\`\`` : fix;
  return retryable ? `${advice}\n\nTrying again may help: re-run the job, or comment \`/agent retry\`.` : advice;
}
