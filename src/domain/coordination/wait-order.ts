import type { ClaimKey } from '../claim.ts';
import type { WaitEdge } from './wait-edge.ts';

/**
 * The graph of who waits for whom, as an algorithm asks it. Every node has a level, and whoever waits lies higher than
 * what it waits for; a new node is at 0.
 */
export interface WaitGraph {
  level(node: ClaimKey): number;
  blockersOf(node: ClaimKey): readonly ClaimKey[];
  waitersOf(node: ClaimKey): readonly ClaimKey[];
}

export type EdgeDecision =
  /** The edge may be added once these nodes have these levels. */
  | { readonly kind: 'acyclic'; readonly levels: ReadonlyMap<ClaimKey, number> }
  /** Each waits for the next one; first and last are the same. */
  | { readonly kind: 'cycle'; readonly path: readonly ClaimKey[] };

/**
 * Whether an edge may be added without a circle of waiting. Levels make that cheap (an incremental topological order, as
 * Bender, Fineman, Gilbert and Tarjan describe): an edge that goes downwards cannot close a circle. Any other is looked at
 * from both ends at once, between the two levels only, until one side has been seen in full; that side then moves past
 * the other.
 */
export function decideEdge(graph: WaitGraph, { waiter, blocker }: WaitEdge): EdgeDecision {
  if (waiter === blocker) return { kind: 'cycle', path: [waiter, blocker] };
  const low = graph.level(waiter);
  const high = graph.level(blocker);
  if (low > high) return { kind: 'acyclic', levels: new Map() };

  const down = createSearch(blocker, (node) =>
    graph.blockersOf(node).filter((next) => next === waiter || graph.level(next) > low),
  );
  const up = createSearch(waiter, (node) =>
    graph.waitersOf(node).filter((next) => next === blocker || graph.level(next) < high),
  );
  for (;;) {
    const met = down.step(up) ?? up.step(down);
    if (met !== undefined) {
      return { kind: 'cycle', path: [waiter, ...down.pathTo(met), ...up.pathTo(met).toReversed().slice(1)] };
    }
    if (down.isDone()) return { kind: 'acyclic', levels: moved(graph, blocker, { to: low - 1, by: -1 }) };
    if (up.isDone()) return { kind: 'acyclic', levels: moved(graph, waiter, { to: high + 1, by: 1 }) };
  }
}

interface Search {
  isDone(): boolean;
  /** Looks at one more node; tells when it meets what the other side has seen. */
  step(other: Pick<Search, 'has'>): ClaimKey | undefined;
  has(node: ClaimKey): boolean;
  /** From where the search began to this node. */
  pathTo(node: ClaimKey): readonly ClaimKey[];
}

function createSearch(start: ClaimKey, nextOf: (node: ClaimKey) => readonly ClaimKey[]): Search {
  const cameFrom = new Map<ClaimKey, ClaimKey | undefined>([[start, undefined]]);
  const waiting = [start];
  return {
    isDone: () => waiting.length === 0,
    has: (node) => cameFrom.has(node),
    step: (other) => {
      const node = waiting.pop();
      if (node === undefined) return undefined;
      for (const next of nextOf(node)) {
        if (cameFrom.has(next)) continue;
        cameFrom.set(next, node);
        if (other.has(next)) return next;
        waiting.push(next);
      }
      return undefined;
    },
    pathTo: (node) => {
      const path = [node];
      for (let at = cameFrom.get(node); at !== undefined; at = cameFrom.get(at)) path.push(at);
      return path.reverse();
    },
  };
}

/**
 * The levels after `start` has moved to `to`: whatever it would have passed by that moves on before it. Nodes are taken
 * in the order of the levels that they had, so each is final when its turn comes, and is looked at once.
 */
function moved(
  graph: WaitGraph,
  start: ClaimKey,
  { to, by }: { readonly to: number; readonly by: 1 | -1 },
): ReadonlyMap<ClaimKey, number> {
  const levels = new Map([[start, to]]);
  const pending = new Map([[graph.level(start), new Set([start])]]);
  while (pending.size > 0) {
    const nearest = by * Math.min(...[...pending.keys()].map((level) => by * level));
    const nodes = pending.get(nearest) ?? new Set();
    pending.delete(nearest);
    for (const node of nodes) {
      const level = levels.get(node) ?? nearest;
      for (const next of by === 1 ? graph.waitersOf(node) : graph.blockersOf(node)) {
        const before = graph.level(next);
        const now = levels.get(next) ?? before;
        if (by * (now - level) > 0) continue;
        levels.set(next, level + by);
        const bucket = pending.get(before);
        if (bucket === undefined) pending.set(before, new Set([next]));
        else bucket.add(next);
      }
    }
  }
  return levels;
}
