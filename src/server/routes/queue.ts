import { type Caller, repositoriesOf } from '../../domain/access/caller.ts';
import { queueDesk } from '../../flows/queue-desk.ts';
import { listDeadLetters, readQueue, redriveQueue } from '../../wire/endpoints/queue.ts';
import type { AppParts } from '../app-options.ts';
import { forbidden } from '../problems.ts';
import { answer, type Route, route, touchesNothing } from '../route.ts';

const lettersDefault = 20;

/** The queue of work as who runs it sees it: one for all repositories. */
export function queueRoutes({ queue: work, log }: AppParts): readonly Route[] {
  const queue = work && queueDesk(work);
  const mayNot = (caller: Caller) => (repositoriesOf(caller) === undefined ? undefined : acrossRepositories);
  return [
    route(readQueue, touchesNothing, async ({ caller }) => {
      if (queue === undefined) return hasNone;
      return mayNot(caller) ?? answer(await queue.depth());
    }),
    route(listDeadLetters, touchesNothing, async ({ query, caller }) => {
      if (queue === undefined) return hasNone;
      const refused = mayNot(caller);
      if (refused !== undefined) return refused;
      return answer({ letters: await queue.deadLetters({ limit: query.limit ?? lettersDefault }) });
    }),
    route(redriveQueue, touchesNothing, async ({ body, caller }) => {
      if (queue === undefined) return hasNone;
      const refused = mayNot(caller);
      if (refused !== undefined) return refused;
      const redriven = await queue.redrive(body.ids);
      log({ event: 'redrive', letters: redriven, named: body.ids?.length ?? 0 });
      return answer({ redriven });
    }),
  ];
}

const hasNone = {
  kind: 'problem',
  problem: forbidden('this coordinator has no queue of work', 'ask the one that starts runs'),
} as const;

const acrossRepositories = {
  kind: 'problem',
  problem: forbidden(
    'the queue holds work of all repositories, and this key is limited to some',
    'use a key without a limit',
  ),
} as const;
