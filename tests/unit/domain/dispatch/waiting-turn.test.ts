import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nothing } from '../../../../src/domain/coordination/amounts.ts';
import { currentKey } from '../../../../src/domain/coordination/budget-decisions.ts';
import {
  type BudgetRecord,
  openBudget,
  reserved,
  settled,
  shortageOf,
} from '../../../../src/domain/coordination/budget-record.ts';
import { nextInLine, restsUntilTomorrow } from '../../../../src/domain/dispatch/waiting-turn.ts';
import { isWorthWaiting } from '../../../../src/domain/dispatch/worth-waiting.ts';

const scope = 'organisation/octo/day';
const cap = 10;
const dayMs = 24 * 60 * 60_000;
const money = (microUsd: number) => ({ ...nothing, microUsd });

interface Place {
  readonly id: number;
  readonly line: string;
  readonly limit: 'microUsd';
  readonly needs: number;
}

/** One budget of a day and its lines, by the rules of the domain; each run takes what it may and uses a part of it. */
function room() {
  let now = Date.parse('2026-11-21T12:00:00Z');
  let book: BudgetRecord = openBudget({ key: currentKey(scope, now), caps: { microUsd: cap } });
  let places: Place[] = [];
  let running: { readonly id: number; readonly needs: number; readonly day: string }[] = [];
  const started: number[] = [];
  const refused: number[] = [];
  const turn = (): Place | undefined => {
    const old = places.find(({ line }) => line !== book.key);
    return old ?? nextInLine(places, book, now);
  };
  const attempt = (id: number, needs: number): void => {
    const shortage = shortageOf(book, money(needs));
    places = places.filter((place) => place.id !== id);
    if (shortage === undefined) {
      book = reserved(book, money(needs));
      running.push({ id, needs, day: book.key });
      started.push(id);
    } else if (isWorthWaiting(shortage)) {
      places = [...places, { id, line: book.key, limit: 'microUsd' as const, needs }].sort((a, b) => a.id - b.id);
    } else refused.push(id);
  };
  const wake = (): void => {
    for (let first = turn(); first !== undefined; first = turn()) {
      attempt(first.id, first.needs);
      if (turn()?.id === first.id) break;
    }
  };
  return {
    started,
    refused,
    places: () => places,
    running: () => running,
    rests: (place: Place) => restsUntilTomorrow(place, book, now),
    fits: ({ needs }: Place) => shortageOf(book, money(needs)) === undefined,
    turn,
    ask: (id: number, needs: number) => {
      if (turn() === undefined) attempt(id, needs);
      else places.push({ id, line: book.key, limit: 'microUsd', needs });
      wake();
    },
    end: (index: number, used: number) => {
      const run = running[index % Math.max(1, running.length)];
      if (run === undefined) return;
      running = running.filter((other) => other !== run);
      if (run.day === book.key) book = settled(book, money(run.needs), money(Math.min(used, run.needs)));
      wake();
    },
    midnight: () => {
      now += dayMs;
      book = openBudget({ key: currentKey(scope, now), caps: { microUsd: cap } });
      wake();
    },
  };
}

const step = fc.oneof(
  fc.record({ what: fc.constant('ask' as const), amount: fc.integer({ min: 1, max: cap + 2 }) }),
  fc.record({ what: fc.constant('end' as const), amount: fc.integer({ min: 0, max: cap }) }),
  fc.record({ what: fc.constant('midnight' as const), amount: fc.constant(0) }),
);

describe('whose turn it is in a line', () => {
  test('is not that of one who needs more than is left today, and those behind it who fit start', () => {
    const it = room();
    it.ask(1, 8);
    it.end(0, 8);
    it.ask(2, 9);
    it.ask(3, 2);
    expect([it.started, it.places().map(({ id }) => id)]).toEqual([[1, 3], [2]]);
    it.ask(4, 2);
    it.midnight();
    expect(it.started).toEqual([1, 3, 2]);
    expect(it.places().map(({ id }) => id)).toEqual([4]);
  });

  test('is that of who only waits for what others have reserved: nobody passes it', () => {
    const it = room();
    it.ask(1, 8);
    it.ask(2, 9);
    it.ask(3, 2);
    expect(it.started).toEqual([1]);
    it.end(0, 0);
    expect(it.started).toEqual([1, 2]);
  });

  test('lets nobody starve: neither who is passed nor who stands behind, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const it = room();
        const asked = new Map<number, number>();
        for (const [id, { what, amount }] of steps.entries()) {
          if (what === 'ask') {
            asked.set(id, amount);
            it.ask(id, amount);
          } else if (what === 'end') it.end(id, amount);
          else it.midnight();
          // Whose turn it is has no room; who does not rest is passed by none that came later.
          const turn = it.turn();
          if (turn !== undefined) expect(it.fits(turn)).toBe(false);
          if (it.running().length === 0) expect(it.places().every((place) => it.rests(place))).toBe(true);
          for (const place of it.places()) if (place.id < (turn?.id ?? Infinity)) expect(it.rests(place)).toBe(true);
        }
        // Each night the oldest starts.
        while (it.places().length > 0) {
          const [oldest] = it.places();
          while (it.running().length > 0) it.end(0, cap);
          if (!it.places().includes(oldest as Place)) continue;
          it.midnight();
          expect(it.started).toContain(oldest?.id);
        }
        for (const [id, amount] of asked) expect(amount > cap ? it.refused : it.started).toContain(id);
      }),
      { numRuns: 300 },
    );
  });
});
