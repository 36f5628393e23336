import { expect, it, vi } from 'vitest';
import { zombieRounds } from '../bench/zombies/zombie-rounds.ts';
import { drawFrom } from '../fakes/seeded-numbers.ts';

// Many processes of git: slow where the machine is busy.
vi.setConfig({ testTimeout: 120_000 });

// The small version of `npm run -s verify -- zombies`.
it.each(['git-refs', 'sqlite'] as const)(
  'publishers that lost their claim leave nothing behind (%s)',
  async (store) => {
    const tally = await zombieRounds({ store, zombies: 4, atOnce: 3, draw: drawFrom(3) });
    expect(tally.problems).toEqual([]);
    expect(tally.merges.accepted).toBe(0);
    expect(tally.zombies).toBeGreaterThanOrEqual(4);
  },
);

it('the judgement sees a publisher that does not look at its fence', async () => {
  const tally = await zombieRounds({
    ...{ store: 'sqlite', zombies: 4, atOnce: 3, draw: drawFrom(3) },
    faults: { claims: (claims) => ({ ...claims, beginEffect: async () => ({ kind: 'may-act', before: 'never' }) }) },
  });
  expect(tally.problems).not.toEqual([]);
});
