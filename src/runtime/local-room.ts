import { ulid } from 'ulid';
import { openSqliteCoordination } from '../adapters/sqlite/coordination.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { EntropyError } from '../domain/error.ts';
import { giveBack } from '../flows/give-back.ts';
import { nextTask } from '../flows/next-task.ts';
import { redriveTask } from '../flows/redrive-task.ts';
import { signOfLife } from '../flows/sign-of-life.ts';
import { sweepClaims } from '../flows/sweep-claims.ts';
import { takeOverClaim } from '../flows/take-over-claim.ts';
import type { CoordinationRoom, RoomContext } from './coordination-room.ts';
import { openGitHubAccess } from './github-access.ts';
import { syncInto } from './sync.ts';

/** A file on this machine, shared by all of its processes. */
export async function openLocalRoom(file: string, context: RoomContext): Promise<CoordinationRoom> {
  const clock = createSystemClock();
  const newId = () => ulid(clock.now());
  const store = openSqliteCoordination({ path: file, clock });
  const github = openGitHubAccess(context);
  const books = { ...store, clock, newId, holderIsDead: github.holderIsDead };
  return {
    kind: 'local',
    place: `local store ${file}`,
    store,
    clock,
    newId,
    next: (request) => nextTask(books, request, context.signal),
    sweep: (request) => sweepClaims(books, request, context.signal),
    takeOver: (request) => takeOverClaim(books, request),
    giveBack: (request) => giveBack(books, request),
    signOfLife: (claim) => signOfLife(books, claim),
    redrive: (request) => redriveTask(store.tasks, request),
    sync: syncInto(store.tasks, github, context),
    holderIsDead: github.holderIsDead,
    keys: () => {
      throw new EntropyError({
        code: 'E725',
        message: 'the local store has no keys: whoever may read its file may do everything',
        fix: 'name the coordinator whose keys you mean: --coordinator URL',
      });
    },
    github: github.connect,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
