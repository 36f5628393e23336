import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDependencyGraph } from '../../../../src/domain/coordination/dependency-graph.ts';
import { decideEdge } from '../../../../src/domain/coordination/wait-order.ts';
import { findWaitPath } from '../../../../src/domain/coordination/wait-path.ts';
import { sampleKey } from '../../../fakes/coordination-samples.ts';

const graphOf = (edges: readonly (readonly [number, number])[]) => {
  const graph = createDependencyGraph();
  for (const [from, to] of edges) {
    graph.add({ kind: 'blocks', from: sampleKey(from), to: sampleKey(to), source: 'person' });
  }
  const asked: string[][] = [];
  const read = async (nodes: readonly string[]) => {
    asked.push([...nodes]);
    return new Map(nodes.map((node) => [node, { blockers: graph.blockersOf(node), waiters: graph.waitersOf(node) }]));
  };
  return { graph, asked, read };
};

describe('a circle of waiting', () => {
  it('is found exactly when the graph in memory finds one, and each of its path waits for the next', async () => {
    const number = fc.integer({ min: 1, max: 9 });
    const edge = fc.tuple(number, number);
    const property = fc.asyncProperty(fc.array(edge, { maxLength: 30 }), edge, async (edges, [from, to]) => {
      const { graph, read } = graphOf(edges);
      const wait = { waiter: sampleKey(to), blocker: sampleKey(from) };
      const path = await findWaitPath(wait, read);
      expect(path === undefined ? 'acyclic' : 'cycle').toBe(decideEdge(graph, wait).kind);
      if (path === undefined) return;
      expect(path[0]).toBe(wait.waiter);
      expect(path[1]).toBe(wait.blocker);
      expect(path.at(-1)).toBe(wait.waiter);
      for (const [at, node] of path.slice(1, -1).entries()) expect(graph.blockersOf(node)).toContain(path[at + 2]);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('is not looked for beyond a task that nothing waits for', async () => {
    const chain = Array.from({ length: 50 }, (_, at) => [at + 1, at + 2] as const);
    const { asked, read } = graphOf(chain);
    expect(await findWaitPath({ waiter: sampleKey(99), blocker: sampleKey(51) }, read)).toBeUndefined();
    expect(asked).toEqual([[sampleKey(99)]]);
  });
});
