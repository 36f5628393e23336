import type { ClaimKey, ClaimRecord } from '../../domain/claim.ts';
import type { TaskView } from '../../domain/coordination/task-record.ts';
import type { QueryContext } from '../../domain/query/context.ts';
import { type TaskTest, taskPredicate } from '../../domain/query/predicate.ts';
import { type SearchScope, searchScope } from '../../domain/query/search-scope.ts';
import { compareTasks, orderOf, sortValues } from '../../domain/query/sort.ts';
import type { Query } from '../../domain/query/syntax.ts';
import { taskCondition } from '../../domain/query/task-query.ts';
import type { PageAsked, SearchPage } from '../../ports/task-store.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { edgesKey, taskKey } from './item-keys.ts';
import { listClaims } from './list-claims.ts';
import { readyKeys } from './ready-tasks.ts';
import { table as names } from './table.ts';
import { listedTasks } from './task-item.ts';
import { neighboursIn, openOnes, readItems, readTaskViews, taskIn, viewOf } from './task-views.ts';

export interface TaskSearch extends PageAsked {
  readonly query: Query;
  readonly context: QueryContext;
}

/** Throws E106 for what tasks cannot answer. */
export function searchTasks(table: DynamoTable, search: TaskSearch): Promise<SearchPage> {
  const { query, context } = search;
  const scope = searchScope(taskCondition(query, context));
  const asked = { ...search, scope, fits: taskPredicate(query, context), compare: compareTasks(orderOf(query)) };
  return scope.readyOnly ? searchReady(table, asked) : searchAll(table, asked);
}

interface Asked extends TaskSearch {
  readonly scope: SearchScope;
  readonly fits: TaskTest;
  readonly compare: (a: TaskView, b: TaskView) => number;
}

/** Three items each, in one request of DynamoDB. */
const viewsAtOnce = 33;

/** Candidates come from the index in the usual order, and are looked at as they are now, until the page is full. */
async function searchReady(table: DynamoTable, asked: Asked): Promise<SearchPage> {
  const { scope, fits, compare, offset, limit } = asked;
  const wanted = offset + limit;
  const usual = sortValues(asked.query).length === 0;
  const few = usual && asked.counting === 'page';
  const found: TaskView[] = [];
  let chunk: ClaimKey[] = [];
  const look = async (): Promise<void> => {
    const views = await readTaskViews(table, chunk);
    for (const key of chunk) {
      const view = views.get(key);
      if (view !== undefined && fits(view)) found.push(view);
    }
    chunk = [];
  };
  for await (const key of readyKeys(table, { prefixes: scope.prefixes, about: few ? wanted : undefined })) {
    chunk.push(key);
    if (chunk.length < (few ? Math.min(viewsAtOnce, Math.max(8, wanted)) : 8 * viewsAtOnce)) continue;
    await look();
    if (few && found.length >= wanted) break;
  }
  if (!few || found.length < wanted) await look();
  const sorted = found.sort(compare);
  return { tasks: sorted.slice(offset, wanted), total: few ? Math.min(wanted, sorted.length) : sorted.length };
}

/**
 * All tasks of the repositories in question are read and tried, with as much of what lies around them as the query asks
 * about. The claims come from an index that lags by milliseconds, so those of the page are looked at once more.
 */
async function searchAll(table: DynamoTable, asked: Asked): Promise<SearchPage> {
  const { scope, fits, compare, offset, limit } = asked;
  const keys = await allKeys(table, scope.prefixes);
  const [views, claims] = await Promise.all([readAround(table, keys, scope), heldClaims(table, scope)]);
  const fitting = views((key) => claims.get(key)).filter(fits);
  const page = fitting
    .sort(compare)
    .slice(offset, offset + limit)
    .map(({ key }) => key);
  const now = await readTaskViews(table, page);
  const tasks = page.flatMap((key) => now.get(key) ?? []).filter(fits);
  return { tasks, total: fitting.length - (page.length - tasks.length) };
}

async function allKeys(table: DynamoTable, prefixes: readonly string[] = ['']): Promise<readonly ClaimKey[]> {
  const keys = new Set<ClaimKey>();
  for (const prefix of prefixes) {
    const query = { index: names.byKey, partition: listedTasks, ...(prefix !== '' && { beginsWith: prefix }) };
    for await (const page of table.query(query)) for (const { order } of page) keys.add(order);
  }
  return [...keys];
}

async function heldClaims(
  table: DynamoTable,
  { needsClaims, prefixes = [''] }: SearchScope,
): Promise<ReadonlyMap<ClaimKey, ClaimRecord>> {
  const held = new Map<ClaimKey, ClaimRecord>();
  for (const prefix of needsClaims ? prefixes : []) {
    for await (const claim of listClaims(table, { state: 'held', prefix })) held.set(claim.key, claim);
  }
  return held;
}

async function readAround(table: DynamoTable, keys: readonly ClaimKey[], { needsWaits }: SearchScope) {
  const found = await readItems(
    table,
    keys.flatMap((key) => (needsWaits ? [taskKey(key), edgesKey(key)] : [taskKey(key)])),
  );
  const nodes = new Map(needsWaits ? keys.map((key) => [key, neighboursIn(found, key)]) : []);
  const open = await openOnes(
    table,
    [...nodes.values()].flatMap(({ blockers }) => blockers),
    found,
  );
  return (claimOf: (key: ClaimKey) => ClaimRecord | undefined): TaskView[] =>
    keys.flatMap((key) => {
      const stored = taskIn(found, key);
      return stored === undefined ? [] : [viewOf(stored, { claim: claimOf(key), node: nodes.get(key), open })];
    });
}
