import { sqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import { defaultStaleAfterMs } from '../../src/domain/query/context.ts';
import { everything } from '../../src/domain/query/syntax.ts';
import { nextTask } from '../../src/flows/next-task.ts';
import { sampleAgent, sampleIssue } from '../fakes/coordination-samples.ts';
import { drawFrom } from '../fakes/seeded-numbers.ts';
import { sqliteRoom } from '../fakes/sqlite-room.ts';
import { randomDependency } from './random-dependencies.ts';
import { startStopwatch, type Times } from './tail.ts';

export interface NextFigures {
  /** Which tasks come next: the query alone, its first page and how many there are in all. */
  readonly look: Times;
  /** The whole of `next --claim`: query, claim, budgets, task and run, on the disk. */
  readonly claim: Times;
}

/** Agents that take one task after another; a quarter of the tasks is blocked by others. */
export async function measureNextInSqlite({
  tasks: count,
  rounds,
}: {
  readonly tasks: number;
  readonly rounds: number;
}): Promise<NextFigures> {
  const clock = createSystemClock();
  await using room = sqliteRoom(clock);
  const store = sqliteCoordination(room.connect());
  const draw = drawFrom(11);
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await Promise.all(
    numbers.map((number) => {
      const priority = draw.below(5);
      const issue = {
        labels: [`P${priority}`, 'bug'],
        createdAt: draw.below(1e9),
        body: 'It fails. '.repeat(100),
      };
      return store.tasks.mirror(sampleIssue(number, issue), 'bench');
    }),
  );
  const edges = Array.from({ length: Math.floor(count / 4) }, () =>
    randomDependency(draw, { count, shape: 'planned' }),
  );
  await Promise.all(edges.map((dependency) => store.tasks.addDependency(dependency, 'bench')));
  await store.budgets.setCaps('repository/octo/slug', { runs: count }, 'bench');
  await store.budgets.setCaps('organisation/octo', { runs: count }, 'bench');

  const context = { now: clock.now(), staleAfterMs: defaultStaleAfterMs };
  const ready = { kind: 'term', field: 'is', values: [{ kind: 'literal', text: 'ready' }] } as const;
  const [look, claim] = [startStopwatch(), startStopwatch()];
  for (let round = 0; round < rounds; round += 1) {
    await look.time(() => store.tasks.search(ready, context, { offset: 0, limit: 16 }));
    const name = `run-${round}`;
    const request = {
      ...{ query: everything, context, agent: sampleAgent(name), runId: name, leaseId: name },
      ...{ ttlMs: 3_600_000, kind: 'agent' as const, reason: 'bench', amounts: nothing },
    };
    await claim.time(async () => {
      const taken = await nextTask({ ...store, clock, holderIsDead: async () => false }, request);
      if (taken.kind !== 'claimed') throw new Error(`round ${round}: ${taken.kind}`);
    });
  }
  return { look: look.times(), claim: claim.times() };
}
