import { createLiveRuns } from '../adapters/live-github/live-runs.ts';
import { createLiveTasks } from '../adapters/live-github/live-tasks.ts';
import { leaseOf } from '../domain/claim.ts';
import { EntropyError } from '../domain/error.ts';
import { fullName, type RepositoryRef } from '../domain/repository.ts';
import { spentUntil } from '../flows/give-back.ts';
import { nextTask } from '../flows/next-task.ts';
import { sweepClaims } from '../flows/sweep-claims.ts';
import { takeOverClaim } from '../flows/take-over-claim.ts';
import type { Coordination } from '../ports/coordination.ts';
import type { CoordinationRoom, RoomContext } from './coordination-room.ts';
import { openGitHubAccess } from './github-access.ts';
import { notKept, notKeptError, notKeptList } from './refusing-store.ts';
import { syncInto } from './sync.ts';
import { version } from './version.ts';

/** No infrastructure at all: claims and budgets in the refs of one repository, issues as GitHub tells them now. */
export function openGitHubRoom(repository: RepositoryRef, context: RoomContext): CoordinationRoom {
  const github = openGitHubAccess(context);
  const connection = github.connect(repository);
  const { claims, budgets, clock, newId } = connection;
  const place = `GitHub ${fullName(repository)}`;
  const runs = createLiveRuns({ claims, version });
  const tasks = createLiveTasks({
    claims,
    fill: async (into) => {
      await syncInto(into, github, context)(repository);
    },
    find: connection.issues.search,
  });
  const silence = notKept('messages', place);
  const store: Coordination = {
    claims,
    budgets,
    tasks,
    runs,
    activity: { read: notKept('activity', place), follow: notKeptList('activity', place) },
    mailbox: {
      send: silence,
      receive: silence,
      acknowledge: silence,
      dead: silence,
      redrive: silence,
      about: silence,
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const books = { ...store, clock, newId, holderIsDead: github.holderIsDead };
  return {
    kind: 'github',
    place,
    store,
    clock,
    newId,
    next: (request) => nextTask(books, request, context.signal),
    sweep: (request) => sweepClaims(books, request, context.signal),
    takeOver: (request) => takeOverClaim(books, request),
    // The claim is all that plain GitHub keeps of a run: with it the run is over.
    giveBack: async (request) => (await claims.release(leaseOf(request.claim), spentUntil(request))).kind,
    // A claim that is held is all that tells of its run there.
    signOfLife: async () => undefined,
    redrive: notKept('failures to redrive', place),
    sync: async () => {
      throw new EntropyError({
        code: 'E725',
        message: `${place} needs no sync: its issues are read from GitHub each time`,
        fix: 'name the store to fill: --coordinator URL or --state FILE',
      });
    },
    holderIsDead: github.holderIsDead,
    keys: () => {
      throw notKeptError('keys', place);
    },
    artifacts: () => {
      throw notKeptError('files of runs', place);
    },
    queue: () => {
      throw notKeptError('queue of work', place);
    },
    github: github.connect,
    [Symbol.asyncDispose]: async () => {},
  };
}
