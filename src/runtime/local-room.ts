import { ulid } from 'ulid';
import { createFolderObjectStore } from '../adapters/filesystem/folder-object-store.ts';
import { sqliteCoordination } from '../adapters/sqlite/coordination.ts';
import { openDatabase } from '../adapters/sqlite/database.ts';
import { createSqliteTaskQueue } from '../adapters/sqlite/task-queue.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { EntropyError } from '../domain/error.ts';
import { giveBack } from '../flows/give-back.ts';
import { nextTask } from '../flows/next-task.ts';
import { queueDesk } from '../flows/queue-desk.ts';
import { redriveTask } from '../flows/redrive-task.ts';
import { artifactsInStore } from '../flows/run-artifacts.ts';
import { signOfLife } from '../flows/sign-of-life.ts';
import { sweepClaims } from '../flows/sweep-claims.ts';
import { takeOverClaim } from '../flows/take-over-claim.ts';
import type { CoordinationRoom, RoomContext } from './coordination-room.ts';
import { objectFolderOf } from './file-objects.ts';
import { openGitHubAccess } from './github-access.ts';
import { notKeptError } from './refusing-store.ts';
import { syncInto } from './sync.ts';

/** A file on this machine, shared by all of its processes. */
export async function openLocalRoom(file: string, context: RoomContext): Promise<CoordinationRoom> {
  const clock = createSystemClock();
  const newId = () => ulid(clock.now());
  const database = openDatabase({ path: file, clock });
  const store = sqliteCoordination(database);
  const place = `local store ${file}`;
  const folder = objectFolderOf(file);
  const github = openGitHubAccess(context);
  const books = { ...store, clock, newId, holderIsDead: github.holderIsDead };
  return {
    kind: 'local',
    place,
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
    artifacts: () => {
      if (folder === undefined) throw notKeptError('files of runs', place);
      return artifactsInStore(createFolderObjectStore({ folder, clock }), store.runs);
    },
    queue: () => queueDesk(createSqliteTaskQueue(database)),
    github: github.connect,
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
