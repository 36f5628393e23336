import { mayTouchBudget, recordedActor, repositoriesOf } from '../../domain/access/caller.ts';
import type { BudgetRecord } from '../../domain/coordination/budget-record.ts';
import { listBudgets, readBudget, readCaps, setCaps } from '../../wire/endpoints/budgets.ts';
import type { AppParts } from '../app-options.ts';
import { pageOf } from '../page-of.ts';
import { forbidden } from '../problems.ts';
import { answer, missing, type Route, route, touchesNothing } from '../route.ts';

export function budgetRoutes({ coordination }: AppParts): readonly Route[] {
  const { budgets } = coordination;
  return [
    route(listBudgets, touchesNothing, async ({ query, caller }) => {
      const { prefix = '', after, limit } = query;
      const visible = filtered(budgets.list(prefix), ({ key }) => mayTouchBudget(caller, key));
      const { items, next } = await pageOf(visible, { after, limit });
      return answer({ budgets: items, ...(next !== undefined && { next }) });
    }),
    route(
      readBudget,
      ({ params }) => ({ budgets: [params.key] }),
      async ({ params }) => {
        const budget = await budgets.read(params.key);
        return budget === undefined ? missing : answer({ budget });
      },
    ),
    route(
      readCaps,
      ({ params }) => ({ budgets: [params.scope] }),
      async ({ params }) => {
        const caps = await budgets.caps(params.scope);
        return caps === undefined ? missing : answer({ caps });
      },
    ),
    route(
      setCaps,
      ({ params }) => ({ budgets: [params.scope] }),
      async ({ params, body, caller }) => {
        const isAbove = params.scope.startsWith('organisation/') && repositoriesOf(caller) !== undefined;
        if (isAbove) return { kind: 'problem', problem: aboveRepository };
        await budgets.setCaps(params.scope, body.caps, recordedActor(caller, body.actor));
        return answer({ caps: body.caps });
      },
    ),
  ];
}

const aboveRepository = forbidden(
  'the limits of an organisation are above the repositories that this key is limited to',
  'use an admin key without a limit to repositories',
);

async function* filtered(
  records: AsyncIterable<BudgetRecord>,
  keep: (record: BudgetRecord) => boolean,
): AsyncIterable<BudgetRecord> {
  for await (const record of records) if (keep(record)) yield record;
}
