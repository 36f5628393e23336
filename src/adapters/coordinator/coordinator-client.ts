import type { Coordination } from '../../ports/coordination.ts';
import type { QueueDesk } from '../../ports/queue-desk.ts';
import type { RunArtifacts } from '../../ports/run-artifacts.ts';
import type { AnswerOf, BodyOf } from '../../wire/endpoint.ts';
import { sweepClaims } from '../../wire/endpoints/claims.ts';
import { health } from '../../wire/endpoints/service.ts';
import { nextTask } from '../../wire/endpoints/tasks.ts';
import { createCoordinatorActivity } from './activity.ts';
import { createCoordinatorArtifacts } from './artifacts.ts';
import { createCoordinatorBudgets } from './budgets.ts';
import { createCoordinatorClaims } from './claims.ts';
import { type CallResult, type CoordinatorApiOptions, createCoordinatorApi } from './coordinator-api.ts';
import { type CoordinatorDispatch, createCoordinatorDispatch } from './dispatch.ts';
import { type CoordinatorKeys, createCoordinatorKeys } from './keys.ts';
import { createCoordinatorMailbox } from './mailbox.ts';
import { createCoordinatorQueue } from './queue.ts';
import { createCoordinatorRuns } from './runs.ts';
import { createCoordinatorTasks } from './tasks.ts';

/** Everything that a coordinator keeps, over HTTP, and what it does in one call that takes many elsewhere. */
export interface CoordinatorClient extends Coordination {
  readonly keys: CoordinatorKeys;
  readonly dispatch: CoordinatorDispatch;
  readonly artifacts: RunArtifacts;
  readonly queue: QueueDesk;
  next(request: BodyOf<typeof nextTask>): Promise<CallResult<typeof nextTask>['value']>;
  sweep(request: BodyOf<typeof sweepClaims>): Promise<AnswerOf<typeof sweepClaims>>;
  health(): Promise<AnswerOf<typeof health>>;
}

/** Opens no connection before the first call; the options' signal ends everything. */
export function createCoordinatorClient(options: CoordinatorApiOptions): CoordinatorClient {
  const closed = new AbortController();
  const signal = AbortSignal.any([options.signal, closed.signal]);
  const api = createCoordinatorApi({ ...options, signal });
  return {
    claims: createCoordinatorClaims(api),
    budgets: createCoordinatorBudgets(api),
    tasks: createCoordinatorTasks(api),
    runs: createCoordinatorRuns(api),
    activity: createCoordinatorActivity(api),
    mailbox: createCoordinatorMailbox(api),
    keys: createCoordinatorKeys(api),
    dispatch: createCoordinatorDispatch(api),
    artifacts: createCoordinatorArtifacts(api),
    queue: createCoordinatorQueue(api),
    next: async (body) => (await api.call(nextTask, { body })).value,
    sweep: async (body) => (await api.call(sweepClaims, { body })).value,
    health: async () => (await api.call(health, {})).value,
    [Symbol.asyncDispose]: async () => {
      closed.abort(new DOMException('the coordinator client was closed', 'AbortError'));
    },
  };
}
