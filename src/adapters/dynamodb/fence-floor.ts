import { EntropyError } from '../../domain/error.ts';
import { isCount } from '../../domain/json-shape.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { ItemKey } from './item-keys.ts';

export const floorKey: ItemKey = { pk: 'FLOOR', sk: 'FLOOR' };

/** Fences up to here count as granted, whatever a claim's item says; 0 in a table that was never restored. */
export function readFloor(item: Attributes | undefined): number {
  if (item === undefined) return 0;
  const { floor } = fromAttributes(item);
  if (isCount(floor)) return floor;
  throw new EntropyError({
    code: 'E710',
    message: 'the item FLOOR holds no fence',
    fix: 'raise the fences of the table anew (docs/runbook.md, restore); until then nothing is claimed',
  });
}

/** How long a process may go by the floor that it read. Whoever raises the fences of a table waits for so long. */
export const floorKnownForMs = 60_000;

/** The floor as this process knows it: one read a minute, so that a claim stays one request. */
export function knownFloor(table: DynamoTable, clock: Clock): () => Promise<number> {
  let known: { readonly floor: Promise<number>; readonly until: number } | undefined;
  return () => {
    const now = clock.monotonic();
    if (known === undefined || known.until <= now) {
      const floor = table.get(floorKey).then(readFloor);
      known = { floor, until: now + floorKnownForMs };
      // What could not be read is read again by the next one, and told to this one.
      floor.catch(() => {
        known = undefined;
      });
    }
    return known.floor;
  };
}
