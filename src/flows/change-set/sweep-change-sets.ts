import { describeError, EntropyError } from '../../domain/error.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { DispatchRoom } from '../dispatch/dispatch-room.ts';
import { followChangeSet } from './follow-change-set.ts';

/** Longer than anybody looks at one set. */
const lockMs = 2 * 60_000;

/** The sets that issues of this repository asked for and that are not at rest; how many were looked at. */
export async function sweepChangeSets(
  room: DispatchRoom,
  repository: RepositoryRef,
  { signal, isTimeUp }: { readonly signal: AbortSignal; readonly isTimeUp: () => boolean },
): Promise<number> {
  let looked = 0;
  for (const number of await room.connect(repository).sets.issues()) {
    if (isTimeUp()) break;
    try {
      await followChangeSet(room, { repository, number }, { lockMs, signal });
    } catch (error) {
      // One that cannot be followed must not keep the others from it.
      if (!(error instanceof EntropyError) || error.retryable) throw error;
      room.log(`the set on ${repository.owner}/${repository.name}#${number}: ${describeError(error)}`);
    }
    looked += 1;
  }
  return looked;
}
