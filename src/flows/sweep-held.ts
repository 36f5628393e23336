import { describeError, EntropyError } from '../domain/error.ts';
import type { Forge } from '../ports/forge.ts';
import { endHeld, readHeld } from './held-change.ts';

/** A hold asks after a few of its neighbours, so that they do not pile up; the rest has its turn with the next. */
const mostLookedAt = 10;

/**
 * Removes what nobody can approve any more: expired, or of an issue that was closed. An approval refuses it anyway; this is
 * tidiness, so what cannot be looked at is left for the next time.
 */
export async function sweepHeld(
  forge: Forge,
  { except, now, log }: { readonly except: number; readonly now: number; readonly log: (line: string) => void },
): Promise<void> {
  try {
    const others = (await forge.held.issues()).filter((issue) => issue !== except);
    for (const issue of others.slice(0, mostLookedAt)) await sweepOne(forge, issue, now);
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    log(`older held changes were not looked at: ${describeError(error)}`);
  }
}

async function sweepOne(forge: Forge, issue: number, now: number): Promise<void> {
  const held = await readHeld(forge, issue);
  if (held === undefined) return forge.held.remove(issue);
  const over = now >= held.record.plan.expiresAt ? 'nobody approved it in time.' : await closedSince(forge, issue);
  if (over !== undefined) await endHeld(forge, issue, { held, what: over });
}

async function closedSince(forge: Forge, issue: number): Promise<string | undefined> {
  try {
    return (await forge.issue(issue)).state === 'closed' ? 'the issue was closed.' : undefined;
  } catch (error) {
    // Deleted, or moved to another repository.
    if (error instanceof EntropyError && error.code === 'E202') return 'the issue is gone.';
    throw error;
  }
}

/** The issue is closed, or somebody gave the change up. True when there was one. */
export async function giveUpHeld(forge: Forge, issue: number, what: string): Promise<boolean> {
  const held = await readHeld(forge, issue);
  if (held === undefined) return false;
  await endHeld(forge, issue, { held, what });
  return true;
}
