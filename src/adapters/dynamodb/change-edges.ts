import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ClaimKey } from '../../domain/claim.ts';
import type { Dependency } from '../../domain/coordination/dependency.ts';
import { type WaitEdge, waitEdgeOf } from '../../domain/coordination/wait-edge.ts';
import { EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DependencyResult } from '../../ports/task-store.ts';
import { toAttributes } from './attribute-values.ts';
import { unchanged } from './commit-claim.ts';
import { untilWritten } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { createEdgeGraph, type EdgeGraph } from './edge-graph.ts';
import { type DependencyChange, edgesItem, mostEdges } from './edges-item.ts';
import { graphKey, taskKey } from './item-keys.ts';
import { settleWaits } from './settle-waits.ts';
import { ownerOf, readTask, type StoredTask, taskItem } from './task-item.ts';

export interface EdgeStep {
  readonly do: 'add' | 'remove';
  readonly dependency: Dependency;
}
export type EdgeResult = DependencyResult | { readonly kind: 'removed' | 'missing' };
export interface EdgeOutcome {
  readonly dependency: Dependency;
  readonly result: EdgeResult;
}

export interface EdgeChange {
  /** Whose side all of these edges are told on. */
  readonly teller: ClaimKey;
  readonly actor: string;
  /** From the edges that the teller has. */
  readonly stepsOf: (stored: readonly Dependency[]) => readonly EdgeStep[];
}

/** A transaction holds a hundred items: the other ends, the teller's own edges, its task, and versions of the graph. */
const mostChanges = 40;

/**
 * Adds and removes edges that one task tells, in their order, in one transaction; more than forty changes are several, each
 * decided anew from what is there. Both ends are written on condition that they are as they were read, new pairs also on
 * condition that nobody added another one to the parts of the graph in which a circle was looked for.
 */
export async function changeEdges(
  table: DynamoTable,
  clock: Clock,
  { teller, actor, stepsOf }: EdgeChange,
): Promise<readonly EdgeOutcome[]> {
  for (;;) {
    const { outcomes, more, settle } = await untilWritten(table, `the dependencies of ${teller}`, async () => {
      const graph = createEdgeGraph(table);
      await graph.load([teller], false);
      const steps = stepsOf(graph.edgesOf(teller));
      const searching = steps.some((step) => step.do === 'add' && waitEdgeOf(step.dependency) !== undefined);
      await graph.load([teller, ...steps.flatMap(({ dependency: { from, to } }) => [from, to])], searching);
      const { outcomes, more, changes, opened, moved } = await decideSteps(graph, steps);
      if (changes.length === 0) return { done: { outcomes, more, settle: false } };

      const task = moved ? await table.get(taskKey(teller)) : undefined;
      const outcome = await table.transact([
        ...nodeWrites(table.name, graph, { teller, told: { changes, actor, at: clock.now() } }),
        ...(opened.size === 0 ? [] : partWrites(table.name, graph.parts(), [teller, ...opened])),
        ...(task === undefined ? [] : [markWrite(table.name, readTask(task))]),
      ]);
      return outcome.kind === 'written' ? { done: { outcomes, more, settle: task !== undefined } } : 'changed';
    });
    // A task that comes later counts by itself what it waits for.
    if (settle) await settleWaits(table, teller);
    if (!more) return outcomes;
  }
}

/** `opened`: what is waited for from now on. `moved`: a pair began or ended to wait. `more`: not all of it was done. */
async function decideSteps(graph: EdgeGraph, steps: readonly EdgeStep[]) {
  const outcomes: EdgeOutcome[] = [];
  const changes: DependencyChange[] = [];
  const opened = new Set<ClaimKey>();
  let moved = false;
  for (const step of steps) {
    if (changes.length === mostChanges) break;
    const { dependency } = step;
    const wait = waitEdgeOf(dependency);
    const said = wait !== undefined && graph.says(wait);
    const result = await decideStep(graph, step, said ? undefined : wait);
    outcomes.push({ dependency, result });
    if (result.kind === 'added') changes.push({ type: 'dependency.added', dependency });
    if (result.kind === 'removed') changes.push({ type: 'dependency.removed', dependency });
    if (wait === undefined || graph.says(wait) === said) continue;
    moved = true;
    if (!said) opened.add(wait.blocker);
  }
  return { outcomes, more: outcomes.length < steps.length, changes, opened, moved };
}

/** `pair`: what would wait for each other from now on. */
async function decideStep(
  graph: EdgeGraph,
  { do: what, dependency }: EdgeStep,
  pair: WaitEdge | undefined,
): Promise<EdgeResult> {
  if (what === 'remove') {
    if (!graph.has(dependency)) return { kind: 'missing' };
    graph.remove(dependency);
    return { kind: 'removed' };
  }
  if (graph.has(dependency)) return { kind: 'exists' };
  const path = pair && (await graph.circle(pair));
  if (path !== undefined) return { kind: 'cycle', path };
  graph.add(dependency);
  return { kind: 'added' };
}

function nodeWrites(
  TableName: string,
  graph: EdgeGraph,
  { teller, told }: { readonly teller: ClaimKey; readonly told: Parameters<typeof edgesItem>[1] },
): readonly TransactWriteItem[] {
  return graph.nodes().flatMap(({ before, edges }): TransactWriteItem[] => {
    const isTeller = before.key === teller;
    if (edges === before.edges && !isTeller) return [];
    if (edges.length > mostEdges) throw tooMany(before.key);
    const Item = edgesItem({ ...before, edges }, isTeller ? told : undefined);
    return [{ Put: { TableName, Item, ...unchanged(before.version) } }];
  });
}

/** The parts that get a new pair grow, those that were only looked at must be as they were. */
function partWrites(
  TableName: string,
  parts: ReturnType<EdgeGraph['parts']>,
  ends: readonly ClaimKey[],
): readonly TransactWriteItem[] {
  const written = new Set(ends.map(ownerOf));
  return [...parts].map(([owner, version]): TransactWriteItem => {
    const key = toAttributes(graphKey(owner));
    if (!written.has(owner)) return { ConditionCheck: { TableName, Key: key, ...unchanged(version) } };
    const Item = { ...key, ...toAttributes({ version: (version ?? 0) + 1 }) };
    return { Put: { TableName, Item, ...unchanged(version) } };
  });
}

function markWrite(TableName: string, stored: StoredTask): TransactWriteItem {
  const marked = { ...stored, recheck: stored.recheck ?? 'self', version: stored.version + 1 } as const;
  return { Put: { TableName, Item: taskItem(marked), ...unchanged(stored.version) } };
}

function tooMany(key: ClaimKey): EntropyError {
  return new EntropyError({
    code: 'E100',
    message: `${key} has ${mostEdges} dependencies, more are not kept`,
    fix: 'remove what is closed long since, or let the others wait for one task in between',
  });
}
