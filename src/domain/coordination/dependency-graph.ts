import type { ClaimKey } from '../claim.ts';
import type { Dependency, DependencySource } from './dependency.ts';
import { type WaitEdge, waitEdgeOf } from './wait-edge.ts';
import { decideEdge, type WaitGraph } from './wait-order.ts';

export type AddedEdge =
  /** `opened`: a pair that did not wait for each other before. */
  | { readonly kind: 'added'; readonly opened?: WaitEdge }
  | { readonly kind: 'exists' }
  | { readonly kind: 'cycle'; readonly path: readonly ClaimKey[] };

export type RemovedEdge = { readonly kind: 'removed'; readonly closed?: WaitEdge } | { readonly kind: 'missing' };

export interface DependencyGraph extends WaitGraph {
  add(dependency: Dependency): AddedEdge;
  remove(dependency: Dependency): RemovedEdge;
  /** Edges from and to the task. */
  of(task: ClaimKey): readonly Dependency[];
  all(): Iterable<Dependency>;
}

/** All edges, in memory, without a circle of waiting. The same pair may be told by several sources and kinds. */
export function createDependencyGraph(): DependencyGraph {
  const edges = new Map<string, Dependency>();
  const byTask = new Map<ClaimKey, Set<string>>();
  /** How many edges say that the pair waits. */
  const blockers = new Map<ClaimKey, Map<ClaimKey, number>>();
  const waiters = new Map<ClaimKey, Set<ClaimKey>>();
  const levels = new Map<ClaimKey, number>();

  const graph: WaitGraph = {
    level: (node) => levels.get(node) ?? 0,
    blockersOf: (node) => [...(blockers.get(node)?.keys() ?? [])],
    waitersOf: (node) => [...(waiters.get(node) ?? [])],
  };
  const says = ({ waiter, blocker }: WaitEdge): number => blockers.get(waiter)?.get(blocker) ?? 0;

  return {
    ...graph,
    add: (dependency) => {
      const id = edgeId(dependency);
      if (edges.has(id)) return { kind: 'exists' };
      const wait = waitEdgeOf(dependency);
      const isNew = wait !== undefined && says(wait) === 0;
      if (isNew) {
        const decision = decideEdge(graph, wait);
        if (decision.kind === 'cycle') return decision;
        for (const [node, level] of decision.levels) levels.set(node, level);
        group(waiters, wait.blocker).add(wait.waiter);
      }
      if (wait !== undefined) counts(blockers, wait.waiter).set(wait.blocker, says(wait) + 1);
      edges.set(id, dependency);
      for (const task of [dependency.from, dependency.to]) group(byTask, task).add(id);
      return isNew ? { kind: 'added', opened: wait } : { kind: 'added' };
    },
    remove: (dependency) => {
      const id = edgeId(dependency);
      if (!edges.delete(id)) return { kind: 'missing' };
      for (const task of [dependency.from, dependency.to]) byTask.get(task)?.delete(id);
      const wait = waitEdgeOf(dependency);
      if (wait === undefined) return { kind: 'removed' };
      const left = says(wait) - 1;
      if (left > 0) {
        blockers.get(wait.waiter)?.set(wait.blocker, left);
        return { kind: 'removed' };
      }
      blockers.get(wait.waiter)?.delete(wait.blocker);
      waiters.get(wait.blocker)?.delete(wait.waiter);
      return { kind: 'removed', closed: wait };
    },
    of: (task) => [...(byTask.get(task) ?? [])].flatMap((id) => edges.get(id) ?? []),
    all: () => edges.values(),
  };
}

/**
 * What has to go and what has to come when a source tells all that one task depends on. Only edges of that source go, and
 * only those that this task itself tells: that somebody else waits for it is for somebody else to take back.
 */
export function mirroredEdges(
  task: ClaimKey,
  source: DependencySource,
  { stored, told }: { readonly stored: readonly Dependency[]; readonly told: readonly Dependency[] },
): { readonly gone: readonly Dependency[]; readonly wanted: readonly Dependency[] } {
  const wanted = told.map((edge) => ({ ...edge, source }));
  const kept = new Set(wanted.map(edgeId));
  const gone = stored.filter((edge) => edge.source === source && tellerOf(edge) === task && !kept.has(edgeId(edge)));
  return { gone, wanted };
}

/** Whose side an edge is told on: the one that waits, duplicates, or was discovered. */
export function tellerOf(edge: Dependency): ClaimKey {
  return waitEdgeOf(edge)?.waiter ?? edge.from;
}

export function edgeId({ from, to, kind, source }: Dependency): string {
  return `${from} ${kind} ${to} ${source}`;
}

function group<Value>(groups: Map<ClaimKey, Set<Value>>, key: ClaimKey): Set<Value> {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const fresh = new Set<Value>();
  groups.set(key, fresh);
  return fresh;
}

function counts(all: Map<ClaimKey, Map<ClaimKey, number>>, key: ClaimKey): Map<ClaimKey, number> {
  const known = all.get(key);
  if (known !== undefined) return known;
  const fresh = new Map<ClaimKey, number>();
  all.set(key, fresh);
  return fresh;
}
