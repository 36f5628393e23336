import { fileURLToPath } from 'node:url';
import { servedOperations } from '../../src/embedded/github/routes.ts';
import { visitWithClient } from '../fakes/client-visit.ts';
import { gitHubRoom } from '../fakes/embedded-github-room.ts';
import { takeGitHubTour } from '../fakes/github-tour.ts';
import { createOpenApiChecker } from '../fakes/openapi-check.ts';
import { operationsOfClient, shapeOf } from './client-operations.ts';
import type { Figure } from './figure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every request that our client sends and every answer of the stand-in, held against GitHub's own OpenAPI. */
export const figure: Figure = async ({ progress }) => {
  await using room = await gitHubRoom();
  progress(`the tour visits ${servedOperations.length} operations`);
  await takeGitHubTour(room);
  const ofTour = room.exchanges.length;
  progress('our client visits with all of its verbs');
  const counted = await visitWithClient(room);

  const served = new Set(servedOperations.map(shapeOf));
  const called = [...new Set([...operationsOfClient(root), ...Object.keys(counted)])].sort();
  const missing = called.filter((operation) => !served.has(shapeOf(operation)));
  const succeeded = new Set(room.exchanges.filter(({ status }) => status < 400).map(({ operation }) => operation));
  const untried = servedOperations.filter((operation) => !succeeded.has(operation));
  const unserved = room.exchanges.filter(({ operation }) => operation === undefined);
  const checker = createOpenApiChecker();
  const problems = [...new Set(room.exchanges.flatMap((exchange) => checker.check(exchange)))];

  const clean = missing.length === 0 && untried.length === 0 && unserved.length === 0 && problems.length === 0;
  return {
    kind: 'measured',
    ok: clean,
    figures: {
      routesServed: servedOperations.length,
      routesCalledByClient: called.length,
      missing: [...missing, ...unserved.map(({ method, path }) => `${method} ${path}`)],
      untried,
      requestsChecked: room.exchanges.length,
      clientRequestsChecked: room.exchanges.length - ofTour,
      responsesChecked: room.exchanges.length,
      problems,
      served: servedOperations,
      calledByClient: called,
    },
    limits: { missing: 0, untried: 0, problems: 0 },
  };
};
