import { describe, expect, test } from 'vitest';
import { EntropyError } from '../../../src/domain/error.ts';
import { fullName, type RepositoryRef } from '../../../src/domain/repository.ts';
import { reconcileTasks } from '../../../src/flows/sweep/reconcile-tasks.ts';
import { memoryCursors } from '../../fakes/memory-cursors.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { noBounds } from './sweep.fixture.ts';

/** An App that is installed for some repositories; `asked`: those whose changes were asked for, in order. */
function scene(names: readonly string[], faults: ReadonlyMap<string, EntropyError> = new Map()) {
  const asked: string[] = [];
  const since: string[] = [];
  const clock = simulatedClock();
  const room = {
    app: {
      installations: async function* () {
        yield { id: 7, suspended: false };
        yield { id: 8, suspended: true };
      },
      repositoriesOf: async function* (id: number) {
        for (const name of id === 7 ? names : ['octo/suspended']) yield { owner: 'octo', name };
      },
    },
    connect: (repository: RepositoryRef) => ({
      issues: {
        // biome-ignore lint/correctness/useYield: nothing has changed
        changedSince: async function* (from: string) {
          asked.push(repository.name);
          since.push(from);
          const fault = faults.get(repository.name);
          if (fault !== undefined) throw fault;
        },
      },
      sets: { issues: async () => [] },
    }),
    cursors: memoryCursors(),
    clock,
    tasks: {},
    host: 'github.com',
    lookUps: (ask: unknown) => ask,
    log: (line: string) => told.push(line),
  };
  const told: string[] = [];
  const sweep = () => reconcileTasks(room as unknown as Parameters<typeof reconcileTasks>[0], noBounds);
  return { asked, since, clock, told, sweep, cursors: room.cursors };
}

const fault = (retryable: boolean) =>
  new EntropyError({ code: 'E205', message: 'GitHub answered 502', fix: 'try again', retryable });

describe('issues whose webhooks were lost for good', () => {
  test('are looked for in three repositories a minute, all in turn, and of a suspended installation in none', async () => {
    const { asked, sweep } = scene(['a', 'b', 'c', 'd']);
    expect(await sweep()).toMatchObject({ repositories: 3 });
    expect(await sweep()).toMatchObject({ repositories: 1 });
    await sweep();
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'a', 'b', 'c']);
  });

  test('have all their turn where there are more repositories than fit into a round, and the log says that it was cut', async () => {
    const names = Array.from({ length: 4_100 }, (_, index) => `r${index}`);
    const { asked, told, sweep, clock } = scene(names);
    for (let tick = 0; tick < 1_400; tick += 1) {
      await sweep();
      clock.advance(60_000);
    }
    expect(new Set(asked).size).toBe(4_100);
    expect(asked.slice(0, 4_100)).toEqual(names);
    // From the beginning again.
    expect(asked.slice(4_100, 4_103)).toEqual(names.slice(0, 3));
    expect(told.slice(0, 2)).toEqual([
      'reconciling: repositories 1 to 2000 in this round, the others in the next',
      'reconciling: repositories 2001 to 4000 in this round, the others in the next',
    ]);
  });

  test('of one repository that GitHub does not answer for are told as a fault, and the others have their turn', async () => {
    const { asked, sweep } = scene(['a', 'b'], new Map([['a', fault(true)]]));
    await expect(sweep()).rejects.toThrow('502');
    await sweep();
    expect(asked).toEqual(['a', 'b']);
  });

  test('of a repository that is gone are passed over with a line in the log', async () => {
    const { asked, told, sweep } = scene(['a', 'b'], new Map([['a', fault(false)]]));
    await sweep();
    expect(asked).toEqual(['a', 'b']);
    expect(told.join()).toContain(`${fullName({ owner: 'octo', name: 'a' })} cannot be reconciled`);
  });

  test('that changed in the last quarter of an hour are looked at again, for an older word may have been heard last', async () => {
    const { since, clock, cursors, sweep } = scene(['a']);
    const now = new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
    await cursors.write('reconcile/octo/a', now, undefined);
    await sweep();
    clock.advance(60_000);
    await sweep();
    expect(since[0]).toBe(now);
    expect(Date.parse(since[1] ?? '')).toBe(Date.parse(now) - 15 * 60_000);
  });
});
