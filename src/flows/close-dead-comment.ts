import type { ClaimRecord } from '../domain/claim.ts';
import { claimPlace } from '../domain/claim-place.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import { openRunOfClaim } from '../domain/open-run.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Forge } from '../ports/forge.ts';
import { closeTrackingComment } from './close-run.ts';

export interface CommentCloser {
  /** Absent without a token that may write there. */
  readonly forgeOf?: (repository: RepositoryRef) => Forge | undefined;
  readonly log: (line: string) => void;
}

/** The run can no longer say so itself: its comment must not say "working" for ever. */
export async function closeDeadComment(closer: CommentCloser, claim: ClaimRecord): Promise<void> {
  const place = claimPlace(claim.key);
  const forge = place && closer.forgeOf?.(place.repository);
  if (place === undefined || forge === undefined) return;
  const end = {
    kind: 'failed',
    reason: 'Its workflow run ended without a word: it was cancelled, killed, or it lost its runner.',
    next: '`/agent retry` starts a new run.',
  } as const;
  try {
    const closed = await closeTrackingComment(forge, openRunOfClaim(claim, place.number), end);
    closer.log(`its tracking comment: ${closed}`);
  } catch (error) {
    // The claim is free, which is what counts; the next run on the issue closes the comment as well.
    if (!(error instanceof EntropyError)) throw error;
    closer.log(`its tracking comment could not be closed: ${describeError(error)}`);
  }
}
