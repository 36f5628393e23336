import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dependency, dependencyKinds, dependencySources } from '../../src/domain/coordination/dependency.ts';
import { createDependencyGraph, edgeId } from '../../src/domain/coordination/dependency-graph.ts';
import { createReadySet } from '../../src/domain/coordination/ready-set.ts';
import type { TaskStore } from '../../src/ports/task-store.ts';
import { sampleIssue, sampleKey } from '../fakes/coordination-samples.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import type { OpenCoordination } from './coordination.fixture.ts';

const blocks = (from: number, to: number, more: Partial<Dependency> = {}): Dependency => ({
  kind: 'blocks',
  from: sampleKey(from),
  to: sampleKey(to),
  source: 'person',
  ...more,
});

async function standOf(tasks: TaskStore, number: number) {
  const view = await tasks.read(sampleKey(number));
  return view && { openBlockers: view.openBlockers, ready: view.ready };
}

/** What every task store promises about dependencies and about who can be started. */
export function dependenciesContract(name: string, open: OpenCoordination, numRuns = 12): void {
  describe(`${name} keeps dependencies`, () => {
    it('has a task wait until everything that blocks it is closed, and again when that is reopened', async () => {
      await using fixture = await open(simulatedClock());
      const { tasks } = fixture.client();
      for (const number of [1, 2, 3]) await tasks.mirror(sampleIssue(number), 'github');
      expect(await tasks.addDependency(blocks(1, 3), 'mona')).toEqual({ kind: 'added' });
      expect(await tasks.addDependency(blocks(1, 3), 'mona')).toEqual({ kind: 'exists' });
      await tasks.addDependency(blocks(2, 3), 'mona');
      expect(await tasks.read(sampleKey(3))).toMatchObject({
        blockedBy: [sampleKey(1), sampleKey(2)],
        openBlockers: 2,
      });
      expect(await tasks.read(sampleKey(1))).toMatchObject({ blocks: [sampleKey(3)], ready: true });

      await tasks.mirror(sampleIssue(1, { forgeState: 'closed', updatedAt: 3_000 }), 'github');
      await tasks.change({ key: sampleKey(2), actor: 'mona', to: 'done' });
      expect(await standOf(tasks, 3)).toEqual({ openBlockers: 0, ready: true });
      await tasks.mirror(sampleIssue(1, { updatedAt: 4_000 }), 'github');
      expect(await standOf(tasks, 3)).toEqual({ openBlockers: 1, ready: false });
      expect(await tasks.removeDependency(blocks(1, 3), 'mona')).toBe('removed');
      expect(await tasks.removeDependency(blocks(1, 3), 'mona')).toBe('missing');
      expect(await standOf(tasks, 3)).toEqual({ openBlockers: 0, ready: true });
    });

    it('has a parent wait for its children, and counts a pair once however many say it', async () => {
      await using fixture = await open(simulatedClock());
      const { tasks } = fixture.client();
      for (const number of [1, 2]) await tasks.mirror(sampleIssue(number), 'github');
      const child: Dependency = { kind: 'parent', from: sampleKey(1), to: sampleKey(2), source: 'sub-issue' };
      await tasks.addDependency(child, 'github');
      await tasks.addDependency(blocks(2, 1, { source: 'text' }), 'github');
      expect(await standOf(tasks, 1)).toEqual({ openBlockers: 1, ready: false });
      await tasks.removeDependency(child, 'github');
      expect(await standOf(tasks, 1)).toEqual({ openBlockers: 1, ready: false });
      await tasks.removeDependency(blocks(2, 1, { source: 'text' }), 'github');
      expect(await standOf(tasks, 1)).toEqual({ openBlockers: 0, ready: true });
    });

    it('waits for what it has not seen yet, and learns of it when it comes, closed or open', async () => {
      await using fixture = await open(simulatedClock());
      const { tasks } = fixture.client();
      await tasks.addDependency(blocks(8, 1), 'github');
      await tasks.addDependency(blocks(9, 1), 'github');
      await tasks.mirror(sampleIssue(1), 'github');
      expect(await standOf(tasks, 1)).toEqual({ openBlockers: 2, ready: false });
      await tasks.mirror(sampleIssue(8, { forgeState: 'closed' }), 'github');
      await tasks.mirror(sampleIssue(9), 'github');
      expect(await standOf(tasks, 1)).toEqual({ openBlockers: 1, ready: false });
    });

    it('refuses a circle with its path, and keeps kinds that nobody waits for', async () => {
      await using fixture = await open(simulatedClock());
      const { tasks } = fixture.client();
      await tasks.addDependency(blocks(1, 2), 'mona');
      await tasks.addDependency(blocks(2, 3), 'mona');
      const circle = await tasks.addDependency(blocks(3, 1), 'mona');
      expect(circle).toEqual({ kind: 'cycle', path: [1, 3, 2, 1].map(sampleKey) });
      expect(await tasks.addDependency(blocks(1, 1), 'mona')).toEqual({ kind: 'cycle', path: [1, 1].map(sampleKey) });
      const duplicate = blocks(3, 1, { kind: 'duplicates' });
      expect(await tasks.addDependency(duplicate, 'mona')).toEqual({ kind: 'added' });
      expect(await tasks.dependencies(sampleKey(1))).toHaveLength(2);
      expect(await tasks.dependencies(sampleKey(3))).toEqual(expect.arrayContaining([duplicate, blocks(2, 3)]));
    });

    it('takes over all that one source says of a task, and leaves what others say', async () => {
      await using fixture = await open(simulatedClock());
      const { tasks } = fixture.client();
      const text = { source: 'text' } as const;
      await tasks.addDependency(blocks(1, 5), 'mona');
      await tasks.mirrorDependencies(sampleKey(5), 'text', [blocks(2, 5, text), blocks(3, 5, text)], 'github');
      await tasks.mirrorDependencies(sampleKey(6), 'text', [blocks(5, 6, text)], 'github');
      const refused = await tasks.mirrorDependencies(
        sampleKey(5),
        'text',
        [blocks(3, 5, text), blocks(6, 5, text), blocks(4, 5, text)],
        'github',
      );
      expect(refused).toEqual([{ dependency: blocks(6, 5, text), path: [5, 6, 5].map(sampleKey) }]);
      const left = (await tasks.dependencies(sampleKey(5))).map(edgeId).sort();
      expect(left).toEqual(
        [blocks(1, 5), blocks(3, 5, text), blocks(4, 5, text), blocks(5, 6, text)].map(edgeId).sort(),
      );
    });

    it('agrees with the graph in memory after any changes', async () => {
      const number = fc.integer({ min: 1, max: 6 });
      const edge = fc
        .tuple(fc.constantFrom(...dependencyKinds), number, number, fc.constantFrom(...dependencySources.slice(0, 2)))
        .map(([kind, from, to, source]) => blocks(from, to, { kind, source }));
      const step = fc.oneof(
        { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), edge }) },
        fc.record({ do: fc.constant('remove' as const), edge }),
        fc.record({
          do: fc.constant('mirror' as const),
          number,
          forgeState: fc.constantFrom('open' as const, 'closed' as const),
        }),
      );
      const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        await using fixture = await open(simulatedClock());
        const { tasks } = fixture.client();
        const graph = createDependencyGraph();
        const ready = createReadySet(graph);
        for (const [at, one] of steps.entries()) {
          if (one.do === 'add') {
            const added = graph.add(one.edge);
            if (added.kind === 'added' && added.opened) ready.opened(added.opened);
            expect((await tasks.addDependency(one.edge, 'mona')).kind).toBe(added.kind);
          } else if (one.do === 'remove') {
            const removed = graph.remove(one.edge);
            if (removed.kind === 'removed' && removed.closed) ready.closed(removed.closed);
            expect(await tasks.removeDependency(one.edge, 'mona')).toBe(removed.kind);
          } else {
            const { forgeState } = one;
            const task = await tasks.mirror(sampleIssue(one.number, { forgeState, updatedAt: 9_000 + at }), 'github');
            ready.put(task.key, task);
          }
        }
        for (let at = 1; at <= 6; at += 1) {
          const stand = await standOf(tasks, at);
          if (stand === undefined) continue;
          expect(stand).toEqual({ openBlockers: ready.openBlockers(sampleKey(at)), ready: ready.has(sampleKey(at)) });
        }
      });
      await fc.assert(property, { numRuns });
    });
  });
}
