import { toAttributes } from '../../src/adapters/dynamodb/attribute-values.ts';
import { claimItem } from '../../src/adapters/dynamodb/claim-item.ts';
import type { DynamoTable } from '../../src/adapters/dynamodb/dynamo-table.ts';
import { edgesItem } from '../../src/adapters/dynamodb/edges-item.ts';
import { inParallel } from '../../src/adapters/dynamodb/in-parallel.ts';
import { ownerKey } from '../../src/adapters/dynamodb/item-keys.ts';
import { listedOwners } from '../../src/adapters/dynamodb/ready-tasks.ts';
import { ownerOf, taskItem } from '../../src/adapters/dynamodb/task-item.ts';
import type { Dependency } from '../../src/domain/coordination/dependency.ts';
import type { TaskView } from '../../src/domain/coordination/task-record.ts';
import { isClosed } from '../../src/domain/coordination/wait-edge.ts';

/** Puts tasks into the table as they are, in any state, without the way there; for what only reads them. */
export async function insertTaskItems(table: DynamoTable, tasks: readonly TaskView[]): Promise<void> {
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const items = tasks.flatMap((view) => {
    const { key, blockedBy, blocks, claim, openBlockers: _open, ready: _ready, ...task } = view;
    const blocked = blockedBy.some((blocker) => !isClosed(byKey.get(blocker)));
    const edge = (from: string, to: string): Dependency => ({ kind: 'blocks', from, to, source: 'text' });
    const edges = [...blockedBy.map((blocker) => edge(blocker, key)), ...blocks.map((waiter) => edge(key, waiter))];
    return [
      taskItem({ task: { ...task, key }, version: task.version, blocked }),
      ...(edges.length > 0 ? [edgesItem({ key, edges, version: undefined })] : []),
      ...(claim ? [toAttributes(claimItem({ record: claim, version: 1 }, 0, { transition: 'acquire' }))] : []),
    ];
  });
  const owners = [...new Set(tasks.map(({ key }) => ownerOf(key)))].map((owner) =>
    toAttributes({ ...ownerKey(owner), listed: listedOwners, key: owner }),
  );
  await inParallel([...items, ...owners], (Item) => table.put({ Item }));
}
