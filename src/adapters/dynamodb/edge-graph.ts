import type { ClaimKey } from '../../domain/claim.ts';
import type { Dependency } from '../../domain/coordination/dependency.ts';
import { edgeId } from '../../domain/coordination/dependency-graph.ts';
import type { WaitEdge } from '../../domain/coordination/wait-edge.ts';
import { findWaitPath } from '../../domain/coordination/wait-path.ts';
import { isCount } from '../../domain/json-shape.ts';
import { fromAttributes } from './attribute-values.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { neighboursOf, readEdges, type StoredEdges } from './edges-item.ts';
import { edgesKey, graphKey, keyText } from './item-keys.ts';
import { ownerOf } from './task-item.ts';
import { readItems } from './task-views.ts';

/**
 * The graph as one attempt at a change sees it: what was read, with what the attempt has changed so far. Each owner's part
 * of the graph has a version that grows with every new pair; it is read before the first node of that part, so a search
 * whose versions still hold when it is written has missed no edge.
 */
export interface EdgeGraph {
  /** Reads these; `searching`: with the versions of the parts of the graph that they lie in. */
  load(keys: readonly ClaimKey[], searching: boolean): Promise<void>;
  edgesOf(key: ClaimKey): readonly Dependency[];
  has(dependency: Dependency): boolean;
  says(wait: WaitEdge): boolean;
  add(dependency: Dependency): void;
  remove(dependency: Dependency): void;
  circle(wait: WaitEdge): Promise<readonly ClaimKey[] | undefined>;
  /** As read, and as it would be written. */
  nodes(): readonly { readonly before: StoredEdges; readonly edges: readonly Dependency[] }[];
  /** Versions of the parts that were looked at, by owner; undefined where nobody has written one. */
  parts(): ReadonlyMap<string, number | undefined>;
}

export function createEdgeGraph(table: DynamoTable): EdgeGraph {
  const nodes = new Map<ClaimKey, { readonly before: StoredEdges; edges: readonly Dependency[] }>();
  const parts = new Map<string, number | undefined>();

  const loadParts = async (keys: readonly ClaimKey[]): Promise<void> => {
    const owners = [...new Set(keys.map(ownerOf))].filter((owner) => !parts.has(owner));
    const found = await readItems(table, owners.map(graphKey));
    for (const owner of owners) {
      const item = found.get(keyText(graphKey(owner)));
      const version = item && fromAttributes(item)['version'];
      parts.set(owner, isCount(version) ? version : undefined);
    }
  };
  const load = async (keys: readonly ClaimKey[], searching: boolean): Promise<void> => {
    if (searching) await loadParts(keys);
    const unread = [...new Set(keys)].filter((key) => !nodes.has(key));
    const found = await readItems(table, unread.map(edgesKey));
    for (const key of unread) {
      const before = readEdges(key, found.get(keyText(edgesKey(key))));
      nodes.set(key, { before, edges: before.edges });
    }
  };
  const edgesOf = (key: ClaimKey) => nodes.get(key)?.edges ?? [];
  const neighbours = (key: ClaimKey) => neighboursOf({ key, edges: edgesOf(key) });
  const change = (dependency: Dependency, of: (edges: readonly Dependency[]) => readonly Dependency[]): void => {
    for (const end of new Set([dependency.from, dependency.to])) {
      const node = nodes.get(end);
      if (node !== undefined) node.edges = of(node.edges);
    }
  };

  return {
    load,
    edgesOf,
    has: (dependency) => {
      const id = edgeId(dependency);
      return edgesOf(dependency.from).some((edge) => edgeId(edge) === id);
    },
    says: ({ waiter, blocker }) => neighbours(waiter).blockers.includes(blocker),
    add: (dependency) => change(dependency, (edges) => [...edges, dependency]),
    remove: (dependency) => {
      const id = edgeId(dependency);
      change(dependency, (edges) => edges.filter((edge) => edgeId(edge) !== id));
    },
    circle: (wait) =>
      findWaitPath(wait, async (keys) => {
        await load(keys, true);
        return new Map(keys.map((key) => [key, neighbours(key)]));
      }),
    nodes: () => [...nodes.values()],
    parts: () => parts,
  };
}
