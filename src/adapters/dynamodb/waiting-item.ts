import { amountNames } from '../../domain/coordination/amounts.ts';
import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import { parseQueuedDelivery } from '../../domain/dispatch/parse-queued-message.ts';
import type { WaitingTask } from '../../domain/dispatch/waiting-task.ts';
import { EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { type ItemKey, padded } from './item-keys.ts';

/** A task's one place. Grows with every write of the place, so a write on condition of it replaces just this. */
export interface StoredPlace {
  readonly task: WaitingTask;
  readonly version: number;
}

type Place = Pick<WaitingTask, 'key' | 'since' | 'line'>;

export const listedPlaces = 'WAITING';
export const placeKey = (key: string): ItemKey => ({ pk: `WAITING#${key}`, sk: 'WAITING' });
export const linePartition = (budget: BudgetKey): string => `LINE#${budget}`;
/** First come, first served; of two that came in the same millisecond the one whose key is first. */
export const lineKey = ({ key, since, line }: Place): ItemKey => ({
  pk: linePartition(line),
  sk: `${padded(since)}#${key}`,
});

/** The request is kept as JSON, so it comes back as it was. */
export function placeItem({ task, version }: StoredPlace): Attributes {
  const { key, line, limit, needs, since, asked } = task;
  return toAttributes({
    ...placeKey(key),
    listed: listedPlaces,
    // As the index of lists has it in order: line by line.
    key: `${line}#${padded(since)}#${key}`,
    ...{ line, limit, needs, since, version },
    asked: JSON.stringify(asked),
  });
}

export function readPlace(attributes: Attributes): StoredPlace {
  const { pk, line, limit, needs, since, asked, version } = fromAttributes(attributes);
  const key = String(pk).slice('WAITING#'.length);
  const known = [...amountNames, 'runs' as const].find((name) => name === limit);
  const request = typeof asked === 'string' ? parseQueuedDelivery(JSON.parse(asked)) : undefined;
  const placed = typeof line === 'string' && isCount(since) && isCount(version);
  const needed = needs === undefined ? {} : isCount(needs) ? { needs } : undefined;
  if (placed && needed !== undefined && known !== undefined && request !== undefined) {
    return { task: { key, line, limit: known, ...needed, since, asked: request }, version };
  }
  throw new EntropyError({
    code: 'E710',
    message: `the item ${String(pk)} is no place in a line that this version can read`,
    fix: 'update this program if a newer one wrote it; else delete the item: the task is asked for again by a command',
  });
}
