import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lease } from '../../src/domain/claim.ts';
import type { ActivityEvent } from '../../src/domain/coordination/activity.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import { dependencyKinds } from '../../src/domain/coordination/dependency.ts';
import { edgeId } from '../../src/domain/coordination/dependency-graph.ts';
import { foldActivity } from '../../src/domain/coordination/replay.ts';
import { runStates } from '../../src/domain/coordination/run-record.ts';
import { taskStates } from '../../src/domain/coordination/task-record.ts';
import { everything } from '../../src/domain/query/syntax.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { sampleAgent, sampleIssue, sampleKey, sampleMessage, sampleRun } from '../fakes/coordination-samples.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';
import type { OpenCoordination } from './coordination.fixture.ts';

const number = fc.integer({ min: 1, max: 4 });
const who = fc.constantFrom('a', 'b');
const optionalState = <State>(states: readonly State[]) => fc.option(fc.constantFrom(...states), { nil: undefined });

const step = fc.oneof(
  fc.record({ do: fc.constant('mirror' as const), number, closed: fc.boolean(), label: fc.constantFrom('P0', 'bug') }),
  fc.record({ do: fc.constant('acquire' as const), number, who }),
  fc.record({ do: fc.constant('release' as const), who }),
  fc.record({ do: fc.constant('wait' as const) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      number,
      to: optionalState(taskStates),
      attempts: fc.integer({ min: 0, max: 3 }),
      lease: fc.option(who, { nil: undefined }),
    }),
  },
  fc.record({
    do: fc.constant('depend' as const),
    kind: fc.constantFrom(...dependencyKinds),
    from: number,
    to: number,
  }),
  fc.record({
    do: fc.constant('depend-no-more' as const),
    kind: fc.constantFrom(...dependencyKinds),
    from: number,
    to: number,
  }),
  fc.record({ do: fc.constant('open-run' as const), number, who }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('run' as const), who, to: optionalState(runStates), turns: fc.nat(3) }),
  },
  fc.record({ do: fc.constant('stop' as const), who }),
  fc.record({ do: fc.constant('send' as const), number, who }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function perform(
  client: Coordination,
  clock: SimulatedClock,
  leases: Map<string, Lease>,
  steps: readonly Step[],
) {
  const { tasks, runs, claims, mailbox } = client;
  for (const [at, one] of steps.entries()) {
    clock.advance(1);
    switch (one.do) {
      case 'mirror': {
        const forgeState = one.closed ? 'closed' : 'open';
        await tasks.mirror(
          sampleIssue(one.number, { forgeState, labels: [one.label], updatedAt: 9_000 + at }),
          'github',
        );
        break;
      }
      case 'acquire': {
        const agent = sampleAgent(one.who);
        const holder = { owner: agent.id, runId: one.who, kind: 'agent' as const, reason: 'work', agent };
        const draws = [{ key: 'repository/octo/slug', caps: { runs: 1 } }];
        const reserve = { draws, amounts: { ...nothing, turns: 5 } };
        const asked = { key: sampleKey(one.number), holder, leaseId: `${one.who}/${at}`, ttlMs: 1_000, reserve };
        const result = await claims.acquire({ ...asked, holderIsDead: async () => false });
        if (result.kind === 'granted') leases.set(one.who, result.lease);
        break;
      }
      case 'release': {
        const lease = leases.get(one.who);
        if (lease !== undefined) await claims.release(lease, { ...nothing, turns: 2 });
        break;
      }
      case 'wait':
        clock.advance(5_000);
        break;
      case 'change': {
        const lease = one.lease === undefined ? undefined : leases.get(one.lease);
        const key = lease?.key ?? sampleKey(one.number);
        const facts = { attempts: one.attempts, reason: `step ${at}`, checkpoints: { done: [`${at}`], next: [] } };
        await tasks.change({ key, actor: 'x', facts, ...(one.to && { to: one.to }), ...(lease && { lease }) });
        break;
      }
      case 'depend':
      case 'depend-no-more': {
        const edge = { kind: one.kind, from: sampleKey(one.from), to: sampleKey(one.to), source: 'text' } as const;
        if (one.do === 'depend') await tasks.addDependency(edge, 'x');
        else await tasks.removeDependency(edge, 'x');
        break;
      }
      case 'open-run':
        await runs.open(sampleRun(one.who, { task: sampleKey(one.number), startedAt: clock.now() }), 'x');
        break;
      case 'run': {
        const facts = { spent: { ...nothing, turns: one.turns }, progress: { stage: 'work', share: one.turns / 3 } };
        await runs.change(one.who, { facts, actor: 'x', ...(one.to && { to: one.to }) });
        break;
      }
      case 'stop':
        await runs.requestStop(one.who, { by: 'mona', reason: `step ${at}` });
        break;
      case 'send':
        await mailbox.send(sampleMessage(`m${at % 7}`, { task: sampleKey(one.number), from: one.who }));
        break;
      default:
        one satisfies never;
    }
  }
}

/** What every store of everything promises together: nothing is in it that the stream of events does not say. */
export function replayContract(name: string, open: OpenCoordination, numRuns = 15): void {
  describe(`${name} is the sum of its events`, () => {
    it('holds exactly what replaying the stream gives, after any work', async () => {
      const types = new Set<string>();
      const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const clock = simulatedClock();
        await using fixture = await open(clock);
        const client = fixture.client();
        await perform(client, clock, new Map(), steps);
        const events: readonly ActivityEvent[] = await client.activity.read({ limit: 1_000 });
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
        for (const { change } of events) types.add(change.type);
        const state = foldActivity(events);

        const { tasks } = await client.tasks.search(everything, { now: 0, staleAfterMs: 1 }, { offset: 0, limit: 10 });
        expect(tasks).toHaveLength(state.tasks.size);
        for (const view of tasks) {
          const { claim: _claim, blockedBy: _by, blocks: _blocks, openBlockers: _open, ready: _ready, ...task } = view;
          expect(task).toEqual(state.tasks.get(task.key));
        }
        const runs = await client.runs.list({ limit: 10 });
        expect(new Map(runs.map((run) => [run.id, run]))).toEqual(state.runs);
        for (let at = 1; at <= 4; at += 1) {
          const key = sampleKey(at);
          expect(await client.claims.read(key)).toEqual(state.claims.get(key));
          const told = [...state.dependencies.values()].filter(({ from, to }) => from === key || to === key);
          expect((await client.tasks.dependencies(key)).map(edgeId).sort()).toEqual(told.map(edgeId).sort());
          expect(await client.mailbox.about(key)).toEqual(state.messages.filter(({ task }) => task === key));
        }
        expect(await client.budgets.read('repository/octo/slug')).toEqual(state.budgets.get('repository/octo/slug'));
      });
      await fc.assert(property, { numRuns });
      expect([...types]).toEqual(expect.arrayContaining(['task.moved', 'run.moved', 'claim.released', 'message.sent']));
    });
  });
}
