import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dependency, dependencyKinds, dependencySources } from '../../../../src/domain/coordination/dependency.ts';
import {
  createDependencyGraph,
  type DependencyGraph,
  edgeId,
  mirroredEdges,
} from '../../../../src/domain/coordination/dependency-graph.ts';
import { createReadySet, type StandOfTask } from '../../../../src/domain/coordination/ready-set.ts';
import { taskStates } from '../../../../src/domain/coordination/task-record.ts';
import { isClosed, isStartable, waitEdgeOf } from '../../../../src/domain/coordination/wait-edge.ts';
import { sampleIssue } from '../../../fakes/coordination-samples.ts';

const blocks = (from: string, to: string): Dependency => ({ kind: 'blocks', from, to, source: 'person' });

/** By looking at all edges: whether `from` waits for `to`, over however many others. */
function waitsFor(edges: Iterable<Dependency>, from: string, to: string): boolean {
  const waits = [...edges].flatMap((edge) => waitEdgeOf(edge) ?? []);
  const seen = new Set([from]);
  for (const node of seen) for (const { waiter, blocker } of waits) if (waiter === node) seen.add(blocker);
  return seen.has(to);
}

function expectLevels(graph: DependencyGraph): void {
  for (const edge of graph.all()) {
    const wait = waitEdgeOf(edge);
    if (wait !== undefined) expect(graph.level(wait.waiter)).toBeGreaterThan(graph.level(wait.blocker));
  }
}

const node = fc.nat(7).map((at) => `n${at}`);
const edge = fc.record({
  kind: fc.constantFrom(...dependencyKinds),
  from: node,
  to: node,
  source: fc.constantFrom(...dependencySources.slice(0, 2)),
});

describe('the dependency graph', () => {
  it('refuses a circle of waiting with its path, each waiting for the next one', () => {
    const graph = createDependencyGraph();
    expect(graph.add(blocks('a', 'a'))).toEqual({ kind: 'cycle', path: ['a', 'a'] });
    graph.add(blocks('b', 'a'));
    graph.add({ kind: 'parent', from: 'b', to: 'c', source: 'sub-issue' });
    expect(graph.add(blocks('a', 'c'))).toEqual({ kind: 'cycle', path: ['c', 'a', 'b', 'c'] });
    expect(graph.add({ kind: 'duplicates', from: 'a', to: 'c', source: 'person' }).kind).toBe('added');
  });

  it('allows exactly the edges that close no circle, in any order of adding and removing', () => {
    const step = fc.record({ edge, remove: fc.boolean() });
    const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const graph = createDependencyGraph();
      const model = new Map<string, Dependency>();
      for (const { edge: dependency, remove } of steps) {
        const id = edgeId(dependency);
        const wait = waitEdgeOf(dependency);
        if (remove) {
          expect(graph.remove(dependency).kind).toBe(model.delete(id) ? 'removed' : 'missing');
          continue;
        }
        const exists = model.has(id);
        const closes = wait !== undefined && waitsFor(model.values(), wait.blocker, wait.waiter);
        const added = graph.add(dependency);
        expect(added.kind).toBe(exists ? 'exists' : closes ? 'cycle' : 'added');
        if (added.kind === 'added') model.set(id, dependency);
        if (added.kind === 'cycle' && wait !== undefined) {
          const { path } = added;
          expect([path[0], path[1], path.at(-1)]).toEqual([wait.waiter, wait.blocker, wait.waiter]);
          const pairs = new Set(
            [...model.values(), dependency].flatMap((one) => {
              const said = waitEdgeOf(one);
              return said === undefined ? [] : [`${said.waiter} ${said.blocker}`];
            }),
          );
          for (const [at, waiter] of path.slice(0, -1).entries()) expect(pairs).toContain(`${waiter} ${path[at + 1]}`);
        }
        expectLevels(graph);
      }
      expect(new Set([...graph.all()].map(edgeId))).toEqual(new Set(model.keys()));
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('moves the shorter side of a long chain', () => {
    const graph = createDependencyGraph();
    for (let at = 0; at < 200; at += 1) graph.add(blocks(`c${at}`, `c${at + 1}`));
    const top = graph.level('c200');
    graph.add(blocks('new', 'c0'));
    expect(graph.level('c200')).toBe(top);
    expectLevels(graph);
  });

  it('takes away what a source no longer tells of a task, and nothing that others told', () => {
    const stored = [
      blocks('a', 'x'),
      { ...blocks('b', 'x'), source: 'text' as const },
      { ...blocks('c', 'x'), source: 'text' as const },
      { ...blocks('x', 'd'), source: 'text' as const },
    ];
    const changes = mirroredEdges('x', 'text', { stored, told: [blocks('c', 'x'), blocks('e', 'x')] });
    expect(changes.gone).toEqual([{ ...blocks('b', 'x'), source: 'text' }]);
    expect(changes.wanted.map(edgeId)).toEqual(['c blocks x text', 'e blocks x text']);
  });
});

describe('the ready set', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), edge }),
    fc.record({ do: fc.constant('remove' as const), edge }),
    fc.record({
      do: fc.constant('put' as const),
      node,
      state: fc.constantFrom(...taskStates),
      forgeState: fc.constantFrom('open' as const, 'closed' as const),
    }),
    fc.record({ do: fc.constant('hold' as const), node, held: fc.boolean() }),
  );

  it('equals what looking at everything anew gives, after any changes', () => {
    const property = fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const graph = createDependencyGraph();
      const ready = createReadySet(graph);
      const tasks = new Map<string, StandOfTask>();
      const held = new Set<string>();
      for (const one of steps) {
        if (one.do === 'add') {
          const added = graph.add(one.edge);
          if (added.kind === 'added' && added.opened) ready.opened(added.opened);
        } else if (one.do === 'remove') {
          const removed = graph.remove(one.edge);
          if (removed.kind === 'removed' && removed.closed) ready.closed(removed.closed);
        } else if (one.do === 'put') {
          const task = { state: one.state, issue: sampleIssue(1, { forgeState: one.forgeState }) };
          tasks.set(one.node, task);
          ready.put(one.node, task);
        } else {
          if (one.held) held.add(one.node);
          else held.delete(one.node);
          ready.hold(one.node, one.held);
        }
        const blockers = (key: string) =>
          new Set(
            [...graph.all()].flatMap((said) => {
              const wait = waitEdgeOf(said);
              return wait?.waiter === key && !isClosed(tasks.get(wait.blocker)) ? [wait.blocker] : [];
            }),
          ).size;
        const expected = [...tasks].filter(([key, task]) => isStartable(task, blockers(key)) && !held.has(key));
        expect(new Set(ready.keys())).toEqual(new Set(expected.map(([key]) => key)));
        for (const key of tasks.keys()) expect(ready.openBlockers(key)).toBe(blockers(key));
      }
    });
    fc.assert(property, { numRuns: 150 });
  });
});
