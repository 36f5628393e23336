import { isCount } from '../../domain/json-shape.ts';
import { type Attributes, fromAttributes } from './attribute-values.ts';
import type { ItemKey } from './item-keys.ts';
import type { ItemChange } from './stream-events.ts';

/**
 * Which change of which item this is. Every item whose changes are told carries a `version` that grows with each of them, so
 * a record of the stream that is delivered twice, late or by two shards is known again, and none is told before its
 * predecessor.
 */
export interface ChangeIdentity {
  readonly item: ItemKey;
  /** 0: the item was not there. */
  readonly from: number;
  readonly to: number;
}

/** Undefined: nothing about the item changed that is told, as when a person's name was taken out of it. */
export function identityOf({ before, after }: ItemChange): ChangeIdentity | undefined {
  const image = after ?? before;
  const { pk, sk } = image === undefined ? {} : fromAttributes(image);
  if (typeof pk !== 'string' || typeof sk !== 'string') return undefined;
  const number = before === undefined ? messageNumber(sk) : undefined;
  // The messages about one task have their order among themselves: each comes after the one before it.
  if (number !== undefined) return { item: { pk, sk: 'MESSAGE' }, from: number - 1, to: number };
  const from = versionOf(before) ?? 0;
  const to = versionOf(after);
  return to === undefined || to === from ? undefined : { item: { pk, sk }, from, to };
}

/** What was written once has no version, and is in its first for good. */
export function versionOf(image: Attributes | undefined): number | undefined {
  if (image === undefined) return undefined;
  const { version } = fromAttributes(image);
  return isCount(version) ? version : 1;
}

function messageNumber(sk: string): number | undefined {
  const digits = /^MESSAGE#([0-9]+)$/.exec(sk)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
