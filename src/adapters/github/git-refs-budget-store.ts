import { capsProblem, currentKey } from '../../domain/coordination/budget-decisions.ts';
import { EntropyError } from '../../domain/error.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import type { GitHubApi } from './api.ts';
import { bookOf } from './budget-ledger.ts';
import { createGitRefsClaimStore } from './git-refs-claim-store.ts';
import { createRecordChains } from './record-chain.ts';
import { createRefBudgets } from './ref-budgets.ts';

/**
 * The books that claims in git refs draw from. They lie in one repository, so an organisation's book here counts only
 * what was done in this repository; limits over several repositories need a coordinator.
 */
export function createGitRefsBudgetStore(options: {
  readonly api: GitHubApi;
  /** A new, never repeated name for each call. */
  readonly newId: () => string;
}): BudgetStore {
  const claims = createGitRefsClaimStore(options);
  const chains = createRecordChains(options);
  const budgets = createRefBudgets({ api: options.api, chains, readClaim: claims.read });

  return {
    caps: async (scope) => (await budgets.read(scope))?.caps[scope],

    setCaps: async (scope, caps, actor) => {
      const problem = capsProblem(caps);
      if (problem !== undefined) {
        throw new EntropyError({ code: 'E100', message: `these limits cannot be set: ${problem}`, fix: 'correct it' });
      }
      const open = currentKey(scope, options.api.clock.now());
      await budgets.change(scope, `limits set by ${actor}`, (ledger) => ({
        ...ledger,
        caps: { ...ledger.caps, [scope]: caps },
        books: ledger.books.map((book) =>
          book.budget.key === open ? { ...book, budget: { ...book.budget, caps } } : book,
        ),
      }));
    },

    read: async (key) => {
      const ledger = await budgets.read(key);
      return ledger && bookOf(ledger, key)?.budget;
    },

    list: async function* (prefix) {
      const books = (await budgets.list()).flatMap((ledger) => ledger.books.map(({ budget }) => budget));
      books.sort((a, b) => (a.key < b.key ? -1 : 1));
      for (const book of books) if (book.key.startsWith(prefix)) yield book;
    },
  };
}
