import type { BudgetRecord } from '../../domain/coordination/budget-record.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import { listBudgets, readBudget, readCaps, setCaps } from '../../wire/endpoints/budgets.ts';
import type { CoordinatorApi } from './coordinator-api.ts';

/** The books at a coordinator. */
export function createCoordinatorBudgets(api: CoordinatorApi): BudgetStore {
  return {
    caps: async (scope) => {
      const result = await api.call(readCaps, { params: { scope } });
      return result.kind === 'answer' ? result.value.caps : undefined;
    },
    setCaps: async (scope, caps, actor) => {
      await api.call(setCaps, { params: { scope }, body: { caps, actor } });
    },
    read: async (key) => {
      const result = await api.call(readBudget, { params: { key } });
      return result.kind === 'answer' ? result.value.budget : undefined;
    },
    list: (prefix) => list(api, prefix),
  };
}

async function* list(api: CoordinatorApi, prefix: string): AsyncIterable<BudgetRecord> {
  let after: string | undefined;
  do {
    const query = { ...(prefix !== '' && { prefix }), ...(after !== undefined && { after }) };
    const { value } = await api.call(listBudgets, { query });
    yield* value.budgets;
    after = value.next;
  } while (after !== undefined);
}
