import * as z from 'zod';
import { budgetCaps, budgetKey, budgetRecord } from '../budget.ts';
import { adminsOnly, type Endpoint, readers } from '../endpoint.ts';
import { pageLimit } from '../page.ts';
import { id, keyPrefix } from '../text.ts';

const missing = z.strictObject({ kind: z.literal('missing') });
const ofScope = z.strictObject({ scope: budgetKey });

export const listBudgets = {
  id: 'listBudgets',
  method: 'GET',
  path: '/v1/budgets',
  tag: 'budgets',
  summary: 'The books in the order of their keys',
  access: readers,
  query: z.strictObject({
    prefix: keyPrefix.exactOptional(),
    after: budgetKey.meta({ description: 'Go on after this key' }).exactOptional(),
    limit: pageLimit,
  }),
  answer: z.strictObject({
    budgets: z.array(budgetRecord),
    next: budgetKey.meta({ description: 'The `after` of the next page; absent on the last one' }).exactOptional(),
  }),
} as const satisfies Endpoint;

export const readBudget = {
  id: 'readBudget',
  method: 'GET',
  path: '/v1/budgets/{key}',
  tag: 'budgets',
  summary: 'The books of one budget',
  access: readers,
  params: z.strictObject({ key: budgetKey }),
  answer: z.strictObject({ budget: budgetRecord }),
  refusal: missing,
} as const satisfies Endpoint;

export const readCaps = {
  id: 'readCaps',
  method: 'GET',
  path: '/v1/budget-caps/{scope}',
  tag: 'budgets',
  summary: 'What a person set for a scope; `missing`: nobody did, the built-in limits count',
  access: readers,
  params: ofScope,
  answer: z.strictObject({ caps: budgetCaps }),
  refusal: missing,
} as const satisfies Endpoint;

export const setCaps = {
  id: 'setCaps',
  method: 'PUT',
  path: '/v1/budget-caps/{scope}',
  tag: 'budgets',
  summary: 'Set the limits of a scope, from now on and for its open books',
  access: adminsOnly,
  params: ofScope,
  body: z.strictObject({ caps: budgetCaps, actor: id.exactOptional() }),
  answer: z.strictObject({ caps: budgetCaps }),
} as const satisfies Endpoint;
