import { currentKey } from '../../domain/coordination/budget-decisions.ts';
import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import { lookAtSpend, type SpendWindow, spentInWindow } from '../../domain/coordination/spend-window.ts';
import { count, groupOf, listOf, mapOf, readShape, text } from '../../domain/shape.ts';
import type { SweepRoom } from './sweep-room.ts';

export interface SpendFigures {
  readonly hourMicroUsd: number;
  readonly dayMicroUsd: number;
}

/** Kept from one sweep to the next. */
interface Looked {
  /** When the organisations were looked for, and which there are: `octo`. */
  readonly listedAt: number;
  readonly organisations: readonly string[];
  readonly window: SpendWindow;
}

const cursor = 'spend';
const listEveryMs = 60 * 60_000;
const dayMs = 24 * 60 * 60_000;

/**
 * What runs cost, by the books of the organisations' days, in which each run is booked when it ends: today's, and by how much they
 * grew within an hour. A sweep reads two books of each organisation, however many runs there were, and writes only when something
 * was spent. That of yesterday, too: a run that began before midnight is booked where it was reserved.
 */
export async function spendFigures(room: Pick<SweepRoom, 'budgets' | 'cursors' | 'clock'>): Promise<SpendFigures> {
  const { budgets, cursors, clock } = room;
  const now = clock.now();
  const stored = await cursors.read(cursor);
  const before = readLooked(stored?.value);
  const isListed = before !== undefined && now - before.listedAt < listEveryMs;
  const { listedAt, organisations } = isListed ? before : { listedAt: now, organisations: await organisationsOf(room) };

  const books = new Map<BudgetKey, number>();
  let dayMicroUsd = 0;
  for (const organisation of organisations) {
    const [today, yesterday] = [now, now - dayMs].map((at) => currentKey(`organisation/${organisation}/day`, at));
    for (const key of [yesterday, today]) {
      const book = key === undefined ? undefined : await budgets.read(key);
      if (book === undefined) continue;
      books.set(book.key, book.spent.microUsd);
      if (key === today) dayMicroUsd += book.spent.microUsd;
    }
  }
  const window = lookAtSpend(before?.window, books, now);
  // Whoever swept at the same moment saw the same: one of the two words is enough.
  const isNew = !isListed || window !== before.window;
  if (isNew) await cursors.write(cursor, { listedAt, organisations, window } satisfies Looked, stored?.version);
  return { hourMicroUsd: spentInWindow(window, now), dayMicroUsd };
}

/** All books of all organisations, those of former days too: once an hour. */
async function organisationsOf({ budgets }: Pick<SweepRoom, 'budgets'>): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const { key } of budgets.list('organisation/')) names.add(key.split('/')[1] ?? '');
  return [...names];
}

const lookedShape = groupOf<Looked>({
  required: {
    listedAt: count,
    organisations: listOf(text),
    window: groupOf<SpendWindow>({
      required: {
        seen: mapOf(count),
        total: count,
        samples: listOf(
          groupOf<SpendWindow['samples'][number]>({ required: { at: count, total: count }, optional: {} }),
        ),
      },
      optional: {},
    }),
  },
  optional: {},
});

/** Of another shape: an earlier version's, or nobody's. It begins anew. */
function readLooked(value: unknown): Looked | undefined {
  const read = readShape(lookedShape, value);
  return read.kind === 'read' ? read.value : undefined;
}
