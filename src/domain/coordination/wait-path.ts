import type { ClaimKey } from '../claim.ts';
import type { WaitEdge } from './wait-edge.ts';

/** Who stands next to a task in the graph of who waits for whom. */
export interface WaitNeighbours {
  readonly blockers: readonly ClaimKey[];
  readonly waiters: readonly ClaimKey[];
}

/**
 * The circle that an edge would close: each waits for the next one, first and last are the same. Undefined: it closes none.
 * For graphs that lie far away, where `decideEdge` would ask node by node: both ends are followed in waves, the smaller one
 * first, each wave is one question, and the search ends when one side has been seen in full.
 */
export async function findWaitPath(
  { waiter, blocker }: WaitEdge,
  read: (nodes: readonly ClaimKey[]) => Promise<ReadonlyMap<ClaimKey, WaitNeighbours>>,
): Promise<readonly ClaimKey[] | undefined> {
  if (waiter === blocker) return [waiter, blocker];
  const down = side(blocker, ({ blockers }) => blockers);
  const up = side(waiter, ({ waiters }) => waiters);
  while (down.frontier.length > 0 && up.frontier.length > 0) {
    const [near, far] = up.frontier.length <= down.frontier.length ? [up, down] : [down, up];
    const met = step(near, far, await read(near.frontier));
    if (met !== undefined) return [waiter, ...pathTo(down, met), ...pathTo(up, met).toReversed().slice(1)];
  }
  return undefined;
}

interface Side {
  readonly cameFrom: Map<ClaimKey, ClaimKey | undefined>;
  readonly nextOf: (neighbours: WaitNeighbours) => readonly ClaimKey[];
  /** Seen, and not looked at yet. */
  frontier: readonly ClaimKey[];
}

function side(start: ClaimKey, nextOf: Side['nextOf']): Side {
  return { cameFrom: new Map([[start, undefined]]), nextOf, frontier: [start] };
}

/** Goes one step further; tells where the other side was met. */
function step(near: Side, far: Side, found: ReadonlyMap<ClaimKey, WaitNeighbours>): ClaimKey | undefined {
  const frontier: ClaimKey[] = [];
  for (const node of near.frontier) {
    const neighbours = found.get(node);
    for (const next of neighbours === undefined ? [] : near.nextOf(neighbours)) {
      if (near.cameFrom.has(next)) continue;
      near.cameFrom.set(next, node);
      if (far.cameFrom.has(next)) return next;
      frontier.push(next);
    }
  }
  near.frontier = frontier;
  return undefined;
}

function pathTo({ cameFrom }: Side, node: ClaimKey): readonly ClaimKey[] {
  const path = [node];
  for (let at = cameFrom.get(node); at !== undefined; at = cameFrom.get(at)) path.push(at);
  return path.reverse();
}
