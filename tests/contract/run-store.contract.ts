import { describe, expect, it } from 'vitest';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import { runMoves } from '../../src/domain/coordination/run-moves.ts';
import { sampleAgent, sampleKey, sampleRun } from '../fakes/coordination-samples.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import type { OpenCoordination } from './coordination.fixture.ts';

/** What every run store promises. */
export function runStoreContract(name: string, open: OpenCoordination): void {
  describe(`${name} keeps runs`, () => {
    it('opens a run once, whole, and shows it to everybody', async () => {
      await using fixture = await open(simulatedClock());
      const workflowRun = { id: 7, attempt: 1, url: 'https://github.com/octo/slug/actions/runs/7' };
      const run = sampleRun('r1', { workflowRun, agent: sampleAgent('r1', { capabilities: ['typescript'] }) });
      const opened = await fixture.client().runs.open(run, 'coder/r1');
      expect(opened).toEqual({ kind: 'opened', run: { ...run, version: 1 } });
      const again = await fixture.client().runs.open(sampleRun('r1', { attempt: 9 }), 'coder/r1');
      expect(again).toEqual({ kind: 'exists', run: opened.run });
      expect(await fixture.client().runs.read('r1')).toEqual(opened.run);
      expect(await fixture.client().runs.read('r2')).toBeUndefined();
    });

    it('moves a run as its states allow, and keeps one that is over as it is', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const { runs } = fixture.client();
      await runs.open(sampleRun('r1'), 'coder/r1');
      const actor = 'coder/r1';
      expect(await runs.change('r1', { to: 'succeeded', actor })).toMatchObject({
        kind: 'illegal',
        allowed: runMoves.queued,
      });
      const facts = { progress: { stage: 'working', share: 0.5, text: 'half' }, spent: { ...nothing, turns: 3 } };
      const working = await runs.change('r1', { to: 'running', facts, actor });
      expect(working).toMatchObject({ kind: 'changed', run: { ...facts, state: 'running', progressAt: clock.now() } });
      clock.advance(1_000);
      const ended = await runs.change('r1', { to: 'failed', facts: { reason: 'no luck' }, actor });
      expect(ended).toMatchObject({ kind: 'changed', run: { reason: 'no luck', endedAt: clock.now() } });
      clock.advance(1_000);
      expect(await runs.change('r1', { to: 'failed', facts: { reason: 'no luck' }, actor })).toEqual(ended);
      const late = await runs.change('r1', { facts: { heartbeatAt: clock.now(), branch: 'late' }, actor });
      expect(late).toMatchObject({ kind: 'illegal', allowed: [] });
      expect(await runs.read('r1')).toEqual(ended.kind === 'changed' && ended.run);
      expect(await runs.change('r2', { to: 'failed', actor })).toEqual({ kind: 'missing' });
    });

    it('lets one of many begin a run that stands where they saw it', async () => {
      await using fixture = await open(simulatedClock());
      await fixture.client().runs.open(sampleRun('r1'), 'coder/r1');
      const begun = await Promise.all(
        [1, 2, 3, 4].map((id) =>
          fixture.client().runs.change('r1', {
            from: 'queued',
            to: 'running',
            facts: { workflowRun: { id, attempt: 1, url: `https://github.com/octo/slug/actions/runs/${id}` } },
            actor: 'coder/r1',
          }),
        ),
      );
      expect(begun.map(({ kind }) => kind).sort()).toEqual(['changed', 'illegal', 'illegal', 'illegal']);
      const winner = begun.find(({ kind }) => kind === 'changed');
      expect(await fixture.client().runs.read('r1')).toEqual(winner?.kind === 'changed' && winner.run);
    });

    it('remembers the first request to stop, and refuses one for a run that is over', async () => {
      const clock = simulatedClock();
      await using fixture = await open(clock);
      const { runs } = fixture.client();
      await runs.open(sampleRun('r1', { state: 'running' }), 'coder/r1');
      const first = await runs.requestStop('r1', { by: 'mona', reason: 'wrong issue' });
      const stopRequested = { by: 'mona', at: clock.now(), reason: 'wrong issue' };
      expect(first).toMatchObject({ kind: 'changed', run: { stopRequested } });
      clock.advance(5);
      await runs.requestStop('r1', { by: 'bob', reason: 'me too' });
      const beat = await runs.change('r1', { facts: { heartbeatAt: clock.now() }, actor: 'coder/r1' });
      expect(beat).toMatchObject({ run: { stopRequested, heartbeatAt: clock.now() } });
      await runs.change('r1', { to: 'cancelled', actor: 'coder/r1' });
      expect((await runs.requestStop('r1', { by: 'mona', reason: 'x' })).kind).toBe('illegal');
      expect(await runs.requestStop('r9', { by: 'mona', reason: 'x' })).toEqual({ kind: 'missing' });
    });

    it('learns its workflow run when that was started, and keeps it', async () => {
      await using fixture = await open(simulatedClock());
      const { runs } = fixture.client();
      await runs.open(sampleRun('r1'), 'coder/r1');
      const workflowRun = { id: 7, attempt: 1, url: 'https://github.com/octo/slug/actions/runs/7' };
      const told = await runs.change('r1', { facts: { workflowRun }, actor: 'dispatcher' });
      expect(told).toMatchObject({ kind: 'changed', run: { workflowRun, state: 'queued', version: 2 } });
      const again = await runs.change('r1', { facts: { workflowRun }, actor: 'dispatcher' });
      expect(again).toMatchObject({ kind: 'changed', run: { version: 2 } });
      await runs.change('r1', { to: 'running', actor: 'coder/r1' });
      expect(await runs.read('r1')).toMatchObject({ workflowRun, state: 'running' });
    });

    it('finds what has been queued or running for long, whatever ended since', async () => {
      await using fixture = await open(simulatedClock());
      const { runs } = fixture.client();
      for (const [at, state] of (['queued', 'running', 'queued', 'queued'] as const).entries()) {
        await runs.open(sampleRun(`r${at}`, { state, startedAt: 1_000 * at, task: sampleKey(at + 1) }), 'x');
      }
      await runs.change('r0', { to: 'failed', actor: 'sweeper' });
      const ids = async (filter: Parameters<typeof runs.list>[0]) => (await runs.list(filter)).map(({ id }) => id);
      expect(await ids({ states: ['queued', 'running'], before: 3_000, limit: 10 })).toEqual(['r2', 'r1']);
      expect(await ids({ states: ['queued'], before: 2_000, limit: 10 })).toEqual([]);
      expect(await ids({ since: 1_000, before: 3_000, limit: 1 })).toEqual(['r2']);
    });

    it('loses none of many changes at once', async () => {
      await using fixture = await open(simulatedClock());
      await fixture.client().runs.open(sampleRun('r1', { state: 'running' }), 'coder/r1');
      const beats = Array.from({ length: 12 }, (_, at) =>
        fixture.client().runs.change('r1', { facts: { heartbeatAt: 10_000 + at }, actor: 'coder/r1' }),
      );
      await Promise.all(beats);
      expect((await fixture.client().runs.read('r1'))?.version).toBe(13);
    });

    it('lists runs newest first, by task, agent, state, time and repository', async () => {
      await using fixture = await open(simulatedClock());
      const { runs } = fixture.client();
      await runs.open(sampleRun('a1', { startedAt: 1_000, agent: sampleAgent('a') }), 'x');
      await runs.open(sampleRun('a2', { startedAt: 2_000, agent: sampleAgent('a'), state: 'running' }), 'x');
      await runs.open(sampleRun('b1', { startedAt: 2_000, task: sampleKey(2) }), 'x');
      await runs.open(sampleRun('c1', { startedAt: 3_000, task: 'github/octo/slugs/issues/1' }), 'x');
      const ids = async (filter: Parameters<typeof runs.list>[0]) => (await runs.list(filter)).map(({ id }) => id);
      expect(await ids({ limit: 10 })).toEqual(['c1', 'b1', 'a2', 'a1']);
      expect(await ids({ limit: 2 })).toEqual(['c1', 'b1']);
      expect(await ids({ task: sampleKey(1), limit: 10 })).toEqual(['a2', 'a1']);
      expect(await ids({ agent: 'coder/a', states: ['queued', 'failed'], limit: 10 })).toEqual(['a1']);
      expect(await ids({ states: [], limit: 10 })).toEqual([]);
      expect(await ids({ since: 2_000, taskPrefix: 'github/octo/slug/', limit: 10 })).toEqual(['b1', 'a2']);
    });

    it('sums agents up, those seen last first', async () => {
      await using fixture = await open(simulatedClock());
      const { runs } = fixture.client();
      const spent = { ...nothing, microUsd: 300 };
      const agent = sampleAgent('a');
      await runs.open(sampleRun('a1', { state: 'succeeded', spent, agent, heartbeatAt: 9_000, endedAt: 9_500 }), 'x');
      await runs.open(
        sampleRun('a2', { state: 'running', spent, agent: { ...agent, model: 'other' }, startedAt: 6_000 }),
        'x',
      );
      await runs.open(sampleRun('b1', { heartbeatAt: 20_000 }), 'x');
      const summaries = await runs.agents({ limit: 10 });
      expect(summaries.map((summary) => ({ ...summary, agent: summary.agent.id, run: summary.run?.id }))).toEqual([
        { agent: 'coder/b1', run: 'b1', runs: 1, succeeded: 0, costMicroUsd: 0, lastSeenAt: 20_000 },
        { agent: 'coder/a', run: 'a2', runs: 2, succeeded: 1, costMicroUsd: 600, lastSeenAt: 9_500 },
      ]);
      expect(summaries[1]?.agent.model).toBe('other');
      expect(await runs.agents({ since: 9_501, limit: 10 })).toHaveLength(1);
      expect(await runs.agents({ limit: 1 })).toHaveLength(1);
    });
  });
}
