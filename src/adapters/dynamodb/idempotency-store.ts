import { randomUUID } from 'node:crypto';
import { EntropyError } from '../../domain/error.ts';
import type { IdempotencyDecision, IdempotencyStore, IdempotentRequest } from '../../ports/idempotency-store.ts';
import { idempotencyKey, secondsOf } from './access-keys.ts';
import { type Attributes, fromAttributes, toAttributes } from './attribute-values.ts';
import { changeItem } from './change-item.ts';
import type { DynamoTable } from './dynamo-table.ts';
import type { ItemKey } from './item-keys.ts';
import { table as names } from './table.ts';

/** What was asked for, each in an item of its own, which time to live takes away. One conditional put decides. */
export function createDynamoIdempotencyStore(table: DynamoTable): IdempotencyStore {
  return {
    begin: (request) => begin(table, request),

    finish: async (token, answer) => {
      await table.update(changeItem({ key: keyOf(token), set: { answer }, when: unfinished, values: { token } }));
    },

    forget: async (token) => {
      // Past its time rather than deleted: whoever comes next takes the item over.
      await table.update(changeItem({ key: keyOf(token), set: { keepUntil: 0 }, when: unfinished, values: { token } }));
    },
  };
}

const unfinished = '#token = :token AND attribute_not_exists(#answer)';

/** The put takes the key when nobody has it, when it is past keeping, or when its holder died over it. */
async function begin(table: DynamoTable, request: IdempotentRequest): Promise<IdempotencyDecision> {
  const { caller, key, fingerprint, now, lockedUntil, keepUntil } = request;
  const itemKey = idempotencyKey(caller, key);
  const token = tokenOf(itemKey);
  const died = 'attribute_not_exists(#answer) AND lockedUntil <= :now AND fingerprint = :fingerprint';
  const outcome = await table.put({
    Item: toAttributes({
      ...itemKey,
      ...{ token, fingerprint, lockedUntil, keepUntil },
      [names.timeToLive]: secondsOf(keepUntil),
    }),
    ConditionExpression: `attribute_not_exists(pk) OR keepUntil <= :now OR (${died})`,
    ExpressionAttributeNames: { '#answer': 'answer' },
    ExpressionAttributeValues: toAttributes({ ':now': now, ':fingerprint': fingerprint }),
  });
  if (outcome.kind === 'written') return { kind: 'new', token };
  return decide(outcome.current, { token, fingerprint });
}

function decide(
  current: Attributes | undefined,
  { token, fingerprint }: { readonly token: string; readonly fingerprint: string },
): IdempotencyDecision {
  const held = current === undefined ? {} : fromAttributes(current);
  // Refused by its own first attempt, whose answer was lost.
  if (held['token'] === token) return { kind: 'new', token };
  if (held['fingerprint'] !== fingerprint) return { kind: 'other-request' };
  const { answer } = held;
  if (answer === undefined) return { kind: 'in-progress' };
  const { status, contentType, body } = answer as { status: unknown; contentType: unknown; body: unknown };
  return {
    kind: 'done',
    answer: { status: Number(status), contentType: String(contentType), body: String(body) },
  };
}

/** Names this beginning, and where it lies. */
function tokenOf({ pk, sk }: ItemKey): string {
  return `${randomUUID()} ${pk} ${sk}`;
}

function keyOf(token: string): ItemKey {
  const [, pk, sk] = token.split(' ');
  if (pk !== undefined && sk !== undefined) return { pk, sk };
  throw new EntropyError({
    code: 'E900',
    message: 'a token of an idempotent request was not given out by this store',
    fix: 'report it with the steps that led here',
  });
}
