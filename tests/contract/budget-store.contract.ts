import { describe, expect, it } from 'vitest';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import type { BudgetRecord } from '../../src/domain/coordination/budget-record.ts';
import type { BudgetStore } from '../../src/ports/budget-store.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import { type SimulatedClock, simulatedClock } from '../fakes/simulated-clock.ts';
import { granted, request } from './claim-store.fixture.ts';

export interface BudgetStoreFixture extends AsyncDisposable {
  readonly claims: ClaimStore;
  readonly budgets: BudgetStore;
}

const day = 24 * 3_600_000;
const repository = 'repository/octo/slug';
const daily = 'repository/octo/slug/day';

async function listed(store: BudgetStore, prefix: string): Promise<string[]> {
  const records: BudgetRecord[] = [];
  for await (const record of store.list(prefix)) records.push(record);
  return records.map((record) => record.key);
}

function draw(key: string, runs: number, name = 'a') {
  const reserve = { draws: [{ key, caps: { runs } }], amounts: nothing };
  return request(name, { key: `locks/${name}`, reserve });
}

/** What every budget store promises: people look at the books and set limits, claims draw from them. */
export function budgetStoreContract(name: string, open: (clock: SimulatedClock) => Promise<BudgetStoreFixture>): void {
  describe(`${name} keeps budgets`, () => {
    it('knows neither book nor limits of a scope that nobody used', async () => {
      await using fixture = await open(simulatedClock());
      expect(await fixture.budgets.read(repository)).toBeUndefined();
      expect(await fixture.budgets.caps(repository)).toBeUndefined();
      expect(await listed(fixture.budgets, '')).toEqual([]);
    });

    it('shows the book that a claim opened, with the limits that came with the claim', async () => {
      await using fixture = await open(simulatedClock());
      granted(await fixture.claims.acquire(draw(repository, 2)));
      expect(await fixture.budgets.read(repository)).toEqual({
        schema: 1,
        key: repository,
        caps: { runs: 2 },
        reserved: nothing,
        spent: nothing,
        runs: 1,
      });
      expect(await fixture.budgets.caps(repository)).toBeUndefined();
    });

    it("opens a book with a person's limits, whatever the claim brings", async () => {
      await using fixture = await open(simulatedClock());
      await fixture.budgets.setCaps(repository, { runs: 1, microUsd: 5_000_000 }, 'github/bob');
      expect(await fixture.budgets.caps(repository)).toEqual({ runs: 1, microUsd: 5_000_000 });
      expect(await fixture.budgets.read(repository)).toBeUndefined();
      granted(await fixture.claims.acquire(draw(repository, 9)));
      expect((await fixture.budgets.read(repository))?.caps).toEqual({ runs: 1, microUsd: 5_000_000 });
      expect((await fixture.claims.acquire(draw(repository, 9, 'b'))).kind).toBe('over-budget');
    });

    it('changes the limits of an open book, also below what is used, and only of that scope', async () => {
      await using fixture = await open(simulatedClock());
      granted(await fixture.claims.acquire(draw(repository, 5)));
      granted(await fixture.claims.acquire(draw('repository/octo/other', 5, 'other')));
      await fixture.budgets.setCaps(repository, { runs: 0 }, 'github/bob');
      expect(await fixture.budgets.read(repository)).toMatchObject({ caps: { runs: 0 }, runs: 1 });
      expect((await fixture.claims.acquire(draw(repository, 5, 'b'))).kind).toBe('over-budget');
      expect((await fixture.budgets.read('repository/octo/other'))?.caps).toEqual({ runs: 5 });
    });

    it("sets a daily limit for today's book and for those of the days that come", async () => {
      const clock = simulatedClock(Date.UTC(2026, 10, 2, 12));
      await using fixture = await open(clock);
      granted(await fixture.claims.acquire(draw(`${daily}/2026-11-01`, 3)));
      granted(await fixture.claims.acquire(draw(`${daily}/2026-11-02`, 3, 'b')));
      await fixture.budgets.setCaps(daily, { runs: 7 }, 'github/bob');
      expect((await fixture.budgets.read(`${daily}/2026-11-01`))?.caps).toEqual({ runs: 3 });
      expect((await fixture.budgets.read(`${daily}/2026-11-02`))?.caps).toEqual({ runs: 7 });
      clock.advance(day);
      granted(await fixture.claims.acquire(draw(`${daily}/2026-11-03`, 3, 'c')));
      expect((await fixture.budgets.read(`${daily}/2026-11-03`))?.caps).toEqual({ runs: 7 });
    });

    it('lists books by the beginning of their keys, in order', async () => {
      await using fixture = await open(simulatedClock());
      const keys = ['organisation/octo', `${daily}/2026-11-02`, repository, 'repository/octo/slugger'];
      for (const [at, key] of keys.entries()) granted(await fixture.claims.acquire(draw(key, 1, `n${at}`)));
      expect(await listed(fixture.budgets, '')).toEqual([...keys].sort());
      expect(await listed(fixture.budgets, repository)).toEqual([
        repository,
        `${daily}/2026-11-02`,
        'repository/octo/slugger',
      ]);
      expect(await listed(fixture.budgets, `${repository}/`)).toEqual([`${daily}/2026-11-02`]);
    });

    it.each([{ microUsd: -1 }, { runs: 1.5 }, { tokens: Number.NaN }])('refuses %o as limits', async (caps) => {
      await using fixture = await open(simulatedClock());
      await expect(fixture.budgets.setCaps(repository, caps, 'github/bob')).rejects.toThrow();
      expect(await fixture.budgets.caps(repository)).toBeUndefined();
    });
  });
}
