import { EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import type { CursorStore } from '../../ports/cursor-store.ts';
import { cursorKey } from './access-keys.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { unchanged } from './commit-claim.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** How far jobs have come, one item each. The value is kept as JSON, so it comes back as it was. */
export function createDynamoCursorStore(table: DynamoTable): CursorStore {
  return {
    read: async (name) => {
      const item = await table.get(cursorKey(name));
      return item && readCursor(item);
    },
    write: async (name, value, over) => {
      const json = JSON.stringify(value);
      const outcome = await table.put({
        Item: toAttributes({ ...cursorKey(name), value: json, version: (over ?? 0) + 1 }),
        ...unchanged(over),
      });
      if (outcome.kind === 'written') return 'written';
      // The answer of an earlier attempt was lost: what lies there is what was written.
      const current = outcome.current === undefined ? {} : fromAttributes(outcome.current);
      return current['version'] === (over ?? 0) + 1 && current['value'] === json ? 'written' : 'moved';
    },
  };
}

function readCursor(attributes: Attributes) {
  const { pk, value, version } = fromAttributes(attributes);
  if (typeof value === 'string' && isCount(version)) return { value: JSON.parse(value) as unknown, version };
  throw new EntropyError({
    code: 'E710',
    message: `the item ${String(pk)} is no cursor that this version can read`,
    fix: 'delete the item: its job begins anew, and does nothing twice',
  });
}
