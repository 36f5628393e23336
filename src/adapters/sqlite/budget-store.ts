import { capsProblem, decideCaps } from '../../domain/coordination/budget-decisions.ts';
import { EntropyError } from '../../domain/error.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import { budgetsSeen, readBook, readBooks, readCaps } from './budget-rows.ts';
import type { Database } from './database.ts';
import { writeClaimChanges } from './write-claim-changes.ts';

const pageSize = 200;

/** The books that claims draw from, in the same file. */
export function createSqliteBudgetStore(database: Database): BudgetStore {
  const { clock } = database;
  return {
    caps: async (scope) => database.read((db) => readCaps(db, scope)),

    setCaps: async (scope, caps, actor) => {
      const problem = capsProblem(caps);
      if (problem !== undefined) {
        throw new EntropyError({ code: 'E100', message: `these limits cannot be set: ${problem}`, fix: 'correct it' });
      }
      await database.write((db) => {
        const changes = decideCaps(scope, caps, { seen: budgetsSeen(db), now: clock.now() });
        const events = changes.map((change) => ({ actor, change }));
        writeClaimChanges(db, clock, events);
      });
    },

    read: async (key) => database.read((db) => readBook(db, key)),

    async *list(prefix) {
      let after = '';
      for (;;) {
        const page = database.read((db) => readBooks(db, prefix, { after, limit: pageSize }));
        yield* page;
        const last = page.at(-1);
        if (last === undefined || page.length < pageSize) return;
        after = last.key;
      }
    },
  };
}
