import type { ClaimRecord } from '../domain/claim.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import type { Gate } from './gate.ts';
import { forgeOfRun } from './with-workflow-run.ts';

/**
 * Whether GitHub's own record says that the run behind a claim has ended. When GitHub does not tell (the token lacks
 * `actions: read`, the run is hidden), the run counts as alive: its lease is the backstop, and taking an issue from a
 * run that works on it would cost more than waiting.
 */
export async function holderIsDead(
  { log, ...forges }: Pick<Gate, 'forge' | 'runner' | 'log'>,
  record: ClaimRecord,
): Promise<boolean> {
  const holder = record.holder.workflowRun;
  if (holder === undefined) return false;
  try {
    const run = await forgeOfRun(forges, holder).workflowRun(holder.id);
    if (run === undefined) return false;
    const completed = run.status === 'completed' && run.attempt === holder.attempt;
    // A run is only started again after its earlier attempt has ended.
    const repeated = run.attempt > holder.attempt;
    return completed || repeated;
  } catch (error) {
    const untold = error instanceof EntropyError && error.code === 'E204';
    if (!untold) throw error;
    log(`cannot tell whether workflow run ${holder.id} still lives: ${describeError(error)}`);
    return false;
  }
}
