import type { Figure } from './figure.ts';
import { measureEdgesInMemory, measureEdgesInSqlite } from './ready-edges.ts';
import { measureNextInSqlite } from './ready-next.ts';

const limitMs = { edge: 5, next: 10 };

/**
 * What one change of an edge costs in a large graph, ready set and blocker counters included: in memory, and in SQLite
 * with the event and the commit on the disk. And what `next --claim` costs. Two shapes of random graphs: as people plan
 * (the older blocks the newer), and, in a graph of a fifth of the size, any pair: half of the edges is refused, chains get
 * thousands of tasks long, and building it takes longer than all the rest.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const size = { tasks: quick ? 5_000 : 50_000, edges: quick ? 20_000 : 200_000 };
  const changes = quick ? 300 : 1_000;
  progress(`in memory: ${size.tasks} issues, ${size.edges} edges`);
  const planned = await measureEdgesInMemory({ ...size, changes, shape: 'planned' });
  const knot = { tasks: size.tasks / 5, edges: size.edges / 5 };
  const tangled = await measureEdgesInMemory({ ...knot, changes, shape: 'tangled' });
  progress(`in SQLite: ${size.tasks} issues, ${size.edges} edges`);
  const sqlite = await measureEdgesInSqlite({ ...size, changes, shape: 'planned' }, progress);
  const tasks = quick ? 2_000 : 10_000;
  progress(`next --claim among ${tasks} issues`);
  const next = await measureNextInSqlite({ tasks, rounds: quick ? 100 : 1_000 });
  const edges = [planned, sqlite].flatMap(({ add, remove, close }) => [add, remove, close]);
  const slowest = Math.max(...edges.map(({ wallMs }) => wallMs.p99));
  return {
    kind: 'measured',
    ok: slowest < limitMs.edge && next.claim.wallMs.p99 < limitMs.next,
    figures: { ...size, inMemory: planned, inMemoryTangled: { ...knot, ...tangled }, sqlite, next: { tasks, ...next } },
    limits: { edgeWallMs: `p99 < ${limitMs.edge}`, nextClaimWallMs: `p99 < ${limitMs.next}` },
  };
};
