import { writeDependency } from '../../src/adapters/sqlite/dependency-rows.ts';
import { createSqliteTaskStore } from '../../src/adapters/sqlite/task-store.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import type { Dependency } from '../../src/domain/coordination/dependency.ts';
import { createDependencyGraph } from '../../src/domain/coordination/dependency-graph.ts';
import { createReadySet } from '../../src/domain/coordination/ready-set.ts';
import type { MirroredIssue } from '../../src/domain/coordination/task-record.ts';
import { sampleIssue, sampleKey } from '../fakes/coordination-samples.ts';
import { drawFrom } from '../fakes/seeded-numbers.ts';
import { sqliteRoom } from '../fakes/sqlite-room.ts';
import { randomDependency } from './random-dependencies.ts';
import { startStopwatch, type Times } from './tail.ts';

export interface EdgeLoad {
  readonly tasks: number;
  readonly edges: number;
  /** How many changes of each kind are measured. */
  readonly changes: number;
  readonly shape: 'planned' | 'tangled';
}

export interface EdgeFigures {
  /** Edges that are new, those that are refused as closing a circle included. */
  readonly add: Times;
  readonly remove: Times;
  /** A task is closed or reopened, and all that wait for it are counted anew. */
  readonly close: Times;
  readonly refused: number;
  readonly buildSeconds: number;
}

/** The store under test: answers whether an edge was taken in. */
interface Edges {
  add(dependency: Dependency): Promise<boolean> | boolean;
  /** Many at once, to build the graph: tells those that were taken in. */
  addAll(dependencies: readonly Dependency[]): Promise<readonly Dependency[]> | readonly Dependency[];
  remove(dependency: Dependency): unknown;
  mirror(issue: MirroredIssue): unknown;
}

const seed = 7;

export async function measureEdgesInMemory(load: EdgeLoad): Promise<EdgeFigures> {
  const graph = createDependencyGraph();
  const ready = createReadySet(graph);
  const add = (dependency: Dependency): boolean => {
    const added = graph.add(dependency);
    if (added.kind === 'added' && added.opened) ready.opened(added.opened);
    return added.kind === 'added';
  };
  const edges: Edges = {
    add,
    addAll: (dependencies) => dependencies.filter(add),
    remove: (dependency) => {
      const removed = graph.remove(dependency);
      if (removed.kind === 'removed' && removed.closed) ready.closed(removed.closed);
    },
    mirror: (issue) => ready.put(sampleKey(issue.number), { issue, state: 'open' }),
  };
  for (let number = 1; number <= load.tasks; number += 1) edges.mirror(sampleIssue(number));
  return measure(edges, load);
}

/** Every change as a caller sees it: decided, written with its event, and on the disk. */
export async function measureEdgesInSqlite(load: EdgeLoad, progress: (line: string) => void): Promise<EdgeFigures> {
  const clock = createSystemClock();
  await using room = sqliteRoom(clock);
  const database = room.connect();
  const tasks = createSqliteTaskStore(database);
  const edges: Edges = {
    add: async (dependency) => (await tasks.addDependency(dependency, 'bench')).kind === 'added',
    addAll: (dependencies) =>
      database.write((db) =>
        dependencies.filter((one) => writeDependency({ db, clock, actor: 'bench' }, one).kind === 'added'),
      ),
    remove: (dependency) => tasks.removeDependency(dependency, 'bench'),
    mirror: (issue) => tasks.mirror(issue, 'bench'),
  };
  const numbers = Array.from({ length: load.tasks }, (_, index) => index + 1);
  for (let at = 0; at < numbers.length; at += batch) {
    await Promise.all(numbers.slice(at, at + batch).map((number) => edges.mirror(sampleIssue(number))));
  }
  progress(`${load.tasks} issues are stored`);
  // Awaited here: the room closes when this function is left.
  return await measure(edges, load);
}

/** So many are written in one transaction while the graph is built. */
const batch = 1_000;

async function measure(edges: Edges, { tasks, edges: wanted, changes, shape }: EdgeLoad): Promise<EdgeFigures> {
  const draw = drawFrom(seed);
  const next = (): Dependency => randomDependency(draw, { count: tasks, shape });
  const built = performance.now();
  const known: Dependency[] = [];
  while (known.length < wanted) {
    const some = Array.from({ length: Math.min(batch, wanted - known.length) }, next);
    known.push(...(await edges.addAll(some)));
  }
  const buildSeconds = Math.round((performance.now() - built) / 100) / 10;

  const [add, remove, close] = [startStopwatch(), startStopwatch(), startStopwatch()];
  let refused = 0;
  for (let at = 0; at < changes; at += 1) {
    const fresh = next();
    await add.time(async () => {
      if (!(await edges.add(fresh))) refused += 1;
    });
    const old = draw.one(known);
    await remove.time(() => edges.remove(old));
    const forgeState = at % 2 === 0 ? 'closed' : 'open';
    const issue = sampleIssue(1 + draw.below(tasks), { forgeState, updatedAt: 10_000 + at });
    await close.time(() => edges.mirror(issue));
  }
  return { add: add.times(), remove: remove.times(), close: close.times(), refused, buildSeconds };
}
