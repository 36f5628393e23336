import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openSqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import { foldActivity, replayActivity } from '../../src/domain/coordination/replay.ts';
import { taskKeyOf } from '../../src/domain/coordination/task-key.ts';
import type { MirroredIssue, TaskRecord, TaskView } from '../../src/domain/coordination/task-record.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { sampleIssue } from '../fakes/coordination-samples.ts';
import { type Draw, drawFrom } from '../fakes/seeded-numbers.ts';
import { simulatedClock } from '../fakes/simulated-clock.ts';
import { tempFolder } from '../fakes/temp-folder.ts';
import { countFlag, type Figure, type FigureFlags } from './figure.ts';
import { fleetPicture } from './fleet-picture.ts';
import { runFleet } from './fleet-scene.ts';

export const options: FigureFlags = {
  agents: { kind: 'count' },
  issues: { kind: 'count' },
  picture: { kind: 'text' },
};

const seed = 20_261_121;
const repositories = 10;
const killed = 0.05;
const skewMs = 2_000;

/**
 * A fleet of agents drains the issues of ten repositories over the real store, in simulated time: the flows of `next`,
 * heartbeat, end and sweep as they ship. Then the whole stream is replayed and compared with what is stored.
 */
export const figure: Figure = async (given) => {
  const { quick, progress, flags } = given;
  const agents = countFlag(given, 'agents', quick ? 40 : 200);
  const count = countFlag(given, 'issues', quick ? 300 : 5_000);
  using folder = tempFolder({});
  const clock = simulatedClock(Date.UTC(2026, 10, 21));
  await using books = openSqliteCoordination({ path: path.join(folder.root, 'state.db'), clock });
  const draw = drawFrom(seed);
  const issues = Array.from({ length: count }, (_, index) => fleetIssue(index));
  const dependencies = await seedBooks(books, issues, draw);
  progress(`${count} issues and ${dependencies} dependencies are mirrored`);

  const result = await runFleet({ books, clock, agents, issues, seed, killed, skewMs, progress });
  const replay = await compareWithReplay(books, issues, progress);
  const undone = issues.filter((issue) => !result.done.has(taskKeyOf(issue))).length;
  const twice = [...result.done.values()].filter((times) => times > 1).length;
  const { picture } = flags;
  if (typeof picture === 'string') writeFileSync(picture, fleetPicture(result, { agents, issues: count }));
  const { done: _done, samples: _samples, ...tally } = result;
  return {
    kind: 'measured',
    ok: undone === 0 && twice === 0 && replay.differences.length === 0 && result.zombiesThatCounted === 0,
    figures: {
      seed,
      agents,
      issues: count,
      dependencies,
      ...tally,
      undone,
      doneTwice: twice,
      ...replay,
      differences: replay.differences.slice(0, 20),
    },
    limits: { undone: 0, doneTwice: 0, zombiesThatCounted: 0, differences: 0 },
  };
};

function fleetIssue(index: number): MirroredIssue {
  const createdAt = Date.UTC(2026, 9, 1) + index * 1_000;
  const repository = `octo/part-${index % repositories}`;
  return sampleIssue(index + 1, { repository, createdAt, updatedAt: createdAt, forgeState: 'open' });
}

/** Each issue waits for up to three earlier ones, so that there is always something that is ready. */
async function seedBooks(books: Coordination, issues: readonly MirroredIssue[], draw: Draw): Promise<number> {
  await books.budgets.setCaps('organisation/octo', { runs: 100_000 }, 'key/admin');
  for (let part = 0; part < repositories; part += 1) {
    await books.budgets.setCaps(`repository/octo/part-${part}`, { runs: 100_000 }, 'key/admin');
  }
  await Promise.all(issues.map((issue) => books.tasks.mirror(issue, 'github/alice')));
  let added = 0;
  const keys = issues.map(taskKeyOf);
  const edges = keys.flatMap((to, at) =>
    draw
      .some(keys.slice(Math.max(0, at - 400), at), 3)
      .map((from) => ({ kind: 'blocks', from, to, source: 'github' }) as const),
  );
  for (let at = 0; at < edges.length; at += 200) {
    const results = await Promise.all(
      edges.slice(at, at + 200).map((edge) => books.tasks.addDependency(edge, 'github/alice')),
    );
    added += results.filter(({ kind }) => kind === 'added').length;
  }
  return added;
}

/** Every task, run, claim and budget as it is stored against the sum of all events. */
async function compareWithReplay(
  books: Coordination,
  issues: readonly MirroredIssue[],
  progress: (line: string) => void,
): Promise<{ readonly events: number; readonly differences: readonly string[] }> {
  const state = foldActivity([]);
  let after = 0;
  for (;;) {
    const events = await books.activity.read({ after, limit: 1_000 });
    for (const { seq, change, at } of events) {
      if (seq !== after + 1) return { events: after, differences: [`event ${after + 1} is missing`] };
      after = seq;
      replayActivity(state, change, at);
    }
    if (events.length === 0) break;
  }
  progress(`${after} events are replayed`);
  const differences: string[] = [];
  const compare = (what: string, stored: unknown, replayed: unknown): void => {
    if (JSON.stringify(sorted(stored)) !== JSON.stringify(sorted(replayed))) differences.push(what);
  };
  for (const key of issues.map(taskKeyOf)) {
    const view = await books.tasks.read(key);
    const replayed = state.tasks.get(key);
    compare(key, view && recordOf(view), replayed);
    compare(`claim ${key}`, await books.claims.read(key), state.claims.get(key));
  }
  for (const [id, run] of state.runs) compare(`run ${id}`, await books.runs.read(id), run);
  for (const [key, book] of state.budgets) compare(`budget ${key}`, await books.budgets.read(key), book);
  return { events: after, differences };
}

/** Without what a view adds from other tables. */
function recordOf(view: TaskView): TaskRecord {
  const { claim: _claim, blockedBy: _by, blocks: _blocks, openBlockers: _open, ready: _ready, ...record } = view;
  return record;
}

/** The same object whatever the order in which its members were set. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
