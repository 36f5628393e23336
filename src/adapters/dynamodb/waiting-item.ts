import type { BudgetKey } from '../../domain/coordination/budget-record.ts';
import { rankOf } from '../../domain/dispatch/line-order.ts';
import { parseQueuedDelivery } from '../../domain/dispatch/parse-queued-message.ts';
import { type WaitingTask, waitedFor } from '../../domain/dispatch/waiting-task.ts';
import { EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { type ItemKey, padded } from './item-keys.ts';

/** A task's one place. Grows with every write of the place, so a write on condition of it replaces just this. */
export interface StoredPlace {
  readonly task: WaitingTask;
  readonly version: number;
}

type Place = Pick<WaitingTask, 'key' | 'since' | 'priority' | 'line'>;

export const listedPlaces = 'WAITING';
export const placeKey = (key: string): ItemKey => ({ pk: `WAITING#${key}`, sk: 'WAITING' });
export const linePartition = (budget: BudgetKey): string => `LINE#${budget}`;
/** In the order of `byRank`, which a change of the priority changes: the item moves then. */
export const lineKey = (place: Place): ItemKey => ({ pk: linePartition(place.line), sk: placeInLine(place) });

const placeInLine = (place: Place): string => `${padded(rankOf(place))}#${place.key}`;

/** The request is kept as JSON, so it comes back as it was. */
export function placeItem({ task, version }: StoredPlace): Attributes {
  const { key, line, limit, needs, behind, since, priority, asked } = task;
  return toAttributes({
    ...placeKey(key),
    listed: listedPlaces,
    // As the index of lists has it in order: line by line.
    key: `${line}#${placeInLine(task)}`,
    ...{ line, limit, needs, behind, since, priority, version },
    asked: JSON.stringify(asked),
  });
}

export function readPlace(attributes: Attributes): StoredPlace {
  const { pk, line, limit, since, asked, version, ...more } = fromAttributes(attributes);
  const key = String(pk).slice('WAITING#'.length);
  const known = waitedFor.find((name) => name === limit);
  const request = typeof asked === 'string' ? parseQueuedDelivery(JSON.parse(asked)) : undefined;
  const placed = typeof line === 'string' && isCount(since) && isCount(version);
  const optional = readOptional(more);
  if (placed && optional !== undefined && known !== undefined && request !== undefined) {
    return { task: { key, line, limit: known, ...optional, since, asked: request }, version };
  }
  throw new EntropyError({
    code: 'E710',
    message: `the item ${String(pk)} is no place in a line that this version can read`,
    fix: 'update this program if a newer one wrote it; else delete the item: the task is asked for again by a command',
  });
}

type Optional = Pick<WaitingTask, 'needs' | 'behind' | 'priority'>;

/** Undefined: one of them is there and is none. */
function readOptional({ needs, behind, priority }: Readonly<Record<string, unknown>>): Optional | undefined {
  const amounts = needs === undefined || isCount(needs);
  const ranks = priority === undefined || isCount(priority);
  const keys = behind === undefined || (Array.isArray(behind) && behind.every((key) => typeof key === 'string'));
  if (!amounts || !ranks || !keys) return undefined;
  return {
    ...(needs !== undefined && { needs }),
    ...(behind !== undefined && { behind }),
    ...(priority !== undefined && { priority }),
  };
}
