import { ulid } from 'ulid';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { printQuery } from '../domain/query/printer.ts';
import { giveBack } from '../flows/give-back.ts';
import type { NextRequest } from '../flows/next-task.ts';
import { redriveTask } from '../flows/redrive-task.ts';
import { signOfLife } from '../flows/sign-of-life.ts';
import { takeOverClaim } from '../flows/take-over-claim.ts';
import { connectCoordinator, coordinatorAccess } from './connect-coordinator.ts';
import type { CoordinationRoom, RoomContext } from './coordination-room.ts';
import { openGitHubAccess } from './github-access.ts';
import { syncInto } from './sync.ts';

/** A person waits: long enough for a restart of the coordinator, short enough to be told. */
const deadlineMs = 20_000;

export function openCoordinatorRoom(url: string, context: RoomContext): CoordinationRoom {
  const clock = createSystemClock();
  const newId = () => ulid(clock.now());
  const { signal, log } = context;
  const client = connectCoordinator({ access: coordinatorAccess(url, clock), clock, newId, signal, log, deadlineMs });
  const github = openGitHubAccess(context);
  const books = { ...client, clock, newId };
  return {
    kind: 'coordinator',
    place: `coordinator ${url}`,
    store: client,
    clock,
    newId,
    // Both in one call there, where the store is; what runs still live is asked with the coordinator's own token.
    next: ({ query, context: { me }, ...request }) => client.next(nextBody(request, printQuery(query), me)),
    sweep: ({ prefix, staleAfterMs, dryRun }) =>
      client.sweep({
        staleAfterMs,
        ...(prefix !== undefined && { prefix }),
        ...(dryRun !== undefined && { dryRun }),
      }),
    takeOver: (request) => takeOverClaim(books, request),
    giveBack: (request) => giveBack(books, request),
    signOfLife: (claim) => signOfLife(books, claim),
    redrive: (request) => redriveTask(client.tasks, request),
    sync: syncInto(client.tasks, github, context),
    holderIsDead: github.holderIsDead,
    keys: () => client.keys,
    artifacts: () => client.artifacts,
    queue: () => client.queue,
    github: github.connect,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

function nextBody(request: Omit<NextRequest, 'query' | 'context'>, q: string, me: string | undefined) {
  return { ...request, ...(q !== '' && { q }), ...(me !== undefined && { me }) };
}
