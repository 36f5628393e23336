import type { ClaimHolder, ClaimKey } from '../../domain/claim.ts';
import type { BudgetKey, BudgetScope } from '../../domain/coordination/budget-record.ts';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

export const claimKey = (key: ClaimKey): ItemKey => ({ pk: `CLAIM#${key}`, sk: 'CLAIM' });
export const effectKey = (key: ClaimKey, effect: string): ItemKey => ({ pk: `CLAIM#${key}`, sk: `EFFECT#${effect}` });
export const budgetKey = (key: BudgetKey): ItemKey => ({ pk: `BUDGET#${key}`, sk: 'BUDGET' });
export const capsKey = (scope: BudgetScope): ItemKey => ({ pk: `CAPS#${scope}`, sk: 'CAPS' });

export const taskKey = (key: ClaimKey): ItemKey => ({ pk: `TASK#${key}`, sk: 'TASK' });
/** What the task waits for and what waits for it; also of one that nobody has mirrored. */
export const edgesKey = (key: ClaimKey): ItemKey => ({ pk: `TASK#${key}`, sk: 'EDGES' });
export const graphKey = (owner: string): ItemKey => ({ pk: `GRAPH#${owner}`, sk: 'GRAPH' });
export const ownerKey = (owner: string): ItemKey => ({ pk: `OWNER#${owner}`, sk: 'OWNER' });
export const runKey = (id: string): ItemKey => ({ pk: `RUN#${id}`, sk: 'RUN' });
/** What an agent's runs that are over add up to. */
export const agentKey = (id: string): ItemKey => ({ pk: `AGENT#${id}`, sk: 'AGENT' });
/** How many messages there are about a task. */
export const postKey = (task: ClaimKey): ItemKey => ({ pk: `POST#${task}`, sk: 'POST' });
export const messageKey = (task: ClaimKey, number: number): ItemKey => ({
  pk: `POST#${task}`,
  sk: `MESSAGE#${padded(number)}`,
});
/** The messages about a task that wait for one reader. */
export const lineKey = (task: ClaimKey, reader: string): ItemKey => ({ pk: `POST#${task}`, sk: `LINE#${reader}` });
/** Where the message of this id lies: what makes it one. */
export const messageIdKey = (id: string): ItemKey => ({ pk: `MESSAGE#${id}`, sk: 'MESSAGE-ID' });

/** Numbers and moments as texts that are in their order; 16 digits hold every whole number that is exact. */
export const padded = (number: number): string => String(number).padStart(16, '0');

/** As one text, to look an item up among others that were read with it. */
export const keyText = ({ pk, sk }: ItemKey): string => `${pk}\n${sk}`;

/**
 * One partition of an index takes 1,000 writes a second. A claim is written into `held-by-expiry` when it is taken,
 * renewed and released, so agents' claims are spread over eight partitions; those of people are few and have their own.
 */
const shards = 8;

export function heldShard(key: ClaimKey, kind: ClaimHolder['kind']): string {
  return kind === 'human' ? humanShard : `agent/${hash(key) % shards}`;
}

export const humanShard = 'human';
export const agentShards: readonly string[] = Array.from({ length: shards }, (_, shard) => `agent/${shard}`);

/** FNV-1a: spreads evenly, and is the same for ever, which a key that is stored must be. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
