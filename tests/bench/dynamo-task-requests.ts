import { dynamoCoordination } from '../../src/adapters/dynamodb/dynamo-coordination.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import { defaultStaleAfterMs } from '../../src/domain/query/context.ts';
import { readyOnes } from '../../src/domain/query/ready-ones.ts';
import { everything } from '../../src/domain/query/syntax.ts';
import { type NextRequest, nextTask } from '../../src/flows/next-task.ts';
import type { ActivityLog } from '../../src/ports/activity-log.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { sampleAgent, sampleIssue, sampleKey, sampleMessage, sampleRun } from '../fakes/coordination-samples.ts';
import { dynamoTestTable, waiting } from '../fakes/dynamo-test-table.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';
import { insertTaskItems } from '../fakes/task-items.ts';

export type RequestsOf = (call: () => Promise<unknown>) => Promise<readonly string[]>;

export interface MeasuredRoom extends AsyncDisposable {
  readonly clock: SimulatedClock;
  readonly store: Coordination;
  /** Counted behind the SDK's retries, so that a request that had to be sent again counts twice. */
  readonly requestsOf: RequestsOf;
  /** Open issues that wait for somebody's answer, and so are not ready. */
  fill(count: number): Promise<void>;
}

/** No operation that is measured reads it. */
const unread: ActivityLog = {
  read: () => Promise.reject(new Error('the log is not measured')),
  follow: () => {
    throw new Error('the log is not measured');
  },
};

export async function measuredRoom(endpoint: string): Promise<MeasuredRoom> {
  const clock = simulatedClock();
  const table = await dynamoTestTable(endpoint, clock, { stream: false });
  let sent: string[] = [];
  const opened = table.open({ onRequest: (operation) => sent.push(operation) });
  const store = dynamoCoordination(opened, { clock: waiting(clock), activity: unread });
  return {
    clock,
    store,
    requestsOf: async (call) => {
      sent = [];
      await call();
      return [...sent];
    },
    fill: async (count) => {
      const task = await store.tasks.mirror(sampleIssue(1_000_000), 'github');
      const around = { blockedBy: [], blocks: [], openBlockers: 0, ready: false } as const;
      const views = Array.from({ length: count }, (_, at) => {
        const issue = sampleIssue(2_000_000 + at);
        return { ...task, ...around, key: sampleKey(issue.number), issue, state: 'needs_info' as const };
      });
      await insertTaskItems(opened, views);
    },
    [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
  };
}

/** What one call of the stores of tasks, runs and messages sends to DynamoDB, in order. */
export async function countDynamoTaskRequests(endpoint: string): Promise<Readonly<Record<string, readonly string[]>>> {
  await using room = await measuredRoom(endpoint);
  const { store, requestsOf } = room;
  const { tasks, runs, mailbox, claims } = store;
  await tasks.mirror(sampleIssue(9), 'github');
  const mirror = await requestsOf(() => tasks.mirror(sampleIssue(1), 'github'));
  await tasks.mirror(sampleIssue(2), 'github');
  const mirrorOld = await requestsOf(() => tasks.mirror(sampleIssue(1), 'github'));
  const mirrorChange = await requestsOf(() => tasks.mirror(sampleIssue(1, { updatedAt: 3_000 }), 'github'));
  const change = await requestsOf(() => tasks.change({ key: sampleKey(1), actor: 'x', facts: { stage: 'looked at' } }));
  const edge = { kind: 'blocks', from: sampleKey(1), to: sampleKey(2), source: 'person' } as const;
  const depend = await requestsOf(() => tasks.addDependency(edge, 'mona'));
  const dependOld = await requestsOf(() => tasks.addDependency(edge, 'mona'));
  const read = await requestsOf(() => tasks.read(sampleKey(2)));
  const agent = sampleAgent('a');
  const holder = { owner: agent.id, runId: 'a', kind: 'agent', reason: 'measured', agent } as const;
  const key = sampleKey(1);
  const taken = await claims.acquire({ key, holder, leaseId: 'l', ttlMs: 60_000, holderIsDead: async () => false });
  if (taken.kind !== 'granted') throw new Error(taken.kind);
  const lease = taken.lease;
  const changeUnderLease = await requestsOf(() => tasks.change({ key, actor: agent.id, to: 'claimed', lease }));
  const close = await requestsOf(() =>
    tasks.mirror(sampleIssue(9, { forgeState: 'closed', updatedAt: 9_000 }), 'github'),
  );
  const closeBlocker = await requestsOf(() =>
    tasks.mirror(sampleIssue(1, { forgeState: 'closed', updatedAt: 9_000 }), 'github'),
  );
  const open = await requestsOf(() => runs.open(sampleRun('r1', { agent }), agent.id));
  const heartbeat = await requestsOf(() => runs.change('r1', { facts: { heartbeatAt: 9_000 }, actor: agent.id }));
  const end = await requestsOf(() => runs.change('r1', { to: 'failed', actor: agent.id }));
  const living = await requestsOf(() => runs.list({ states: ['queued', 'running'], limit: 100 }));
  const send = await requestsOf(() => mailbox.send(sampleMessage('m1')));
  let receipt = '';
  const receive = await requestsOf(async () => {
    const [first] = await mailbox.receive('reviewer', { limit: 1, visibilityMs: 1_000 });
    receipt = first?.receipt ?? '';
  });
  const acknowledge = await requestsOf(() => mailbox.acknowledge(receipt));
  const receiveNothing = await requestsOf(() => mailbox.receive('reviewer', { limit: 1, visibilityMs: 1_000 }));
  return {
    ...{ mirror, mirrorOld, mirrorChange, change, changeUnderLease, read, depend, dependOld, close, closeBlocker },
    ...{ open, heartbeat, end, living, send, receive, acknowledge, receiveNothing },
  };
}

/** The whole of `next --claim` among so many tasks, of which few are ready: the search, the claim, five budgets, the run. */
export async function countNextRequests(endpoint: string, count: number) {
  await using room = await measuredRoom(endpoint);
  const { store, clock } = room;
  await room.fill(count);
  for (const number of [1, 2, 3]) await store.tasks.mirror(sampleIssue(number, { labels: ['P0'] }), 'github');
  const request: NextRequest = {
    query: everything,
    context: { now: 0, staleAfterMs: defaultStaleAfterMs },
    agent: sampleAgent('a'),
    runId: 'a',
    leaseId: 'lease-a',
    ttlMs: 60_000,
    kind: 'agent',
    reason: 'measured',
    amounts: { ...nothing, microUsd: 2_000_000 },
  };
  const page = { offset: 0, limit: 16, counting: 'page' } as const;
  const ready = await room.requestsOf(() => store.tasks.search(readyOnes(everything), request.context, page));
  const all = await room.requestsOf(() => store.tasks.search(everything, request.context, page));
  const next = await room.requestsOf(async () => {
    const taken = await nextTask({ ...store, clock: waiting(clock), holderIsDead: async () => false }, request);
    if (taken.kind !== 'claimed' || taken.task.issue.number !== 1) throw new Error(taken.kind);
  });
  return { ready, all, next };
}
