import { randomUUID } from 'node:crypto';
import type { AgentMessage } from '../../domain/coordination/message.ts';
import { undelivered } from '../../domain/coordination/message-delivery.ts';
import { isCount } from '../../domain/json-shape.ts';
import { fromAttributes, toAttributes } from './attribute-values.ts';
import { unchanged } from './commit-claim.ts';
import { untilWritten } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { keyText, lineKey, messageIdKey, postKey } from './item-keys.ts';
import { type Line, lineItem, messageIdItem, messageItem, readLine, readMessagePlace } from './message-items.ts';

/** One transaction: its id is new, it is the next about its task, and it stands last in the line of its reader. */
export async function sendMessage(
  table: DynamoTable,
  message: AgentMessage,
  at: number,
): Promise<'sent' | 'duplicate'> {
  const { id, task, to: reader } = message;
  const [idKey, countKey, inLine] = [messageIdKey(id), postKey(task), lineKey(task, reader)];
  const sending = randomUUID();
  return untilWritten<'sent' | 'duplicate'>(table, `the messages about ${task}`, async () => {
    const found = await table.getMany([idKey, countKey, inLine]);
    const known = found.get(keyText(idKey));
    // Sent by this very call, whose answer was lost.
    if (known !== undefined) return { done: readMessagePlace(known).sending === sending ? 'sent' : 'duplicate' };

    const post = found.get(keyText(countKey));
    const count = post && fromAttributes(post)['version'];
    const number = (isCount(count) ? count : 0) + 1;
    const item = found.get(keyText(inLine));
    const line: Line =
      item === undefined ? { task, reader, posted: [], acknowledged: [], version: undefined } : readLine(item);
    const posted = [...line.posted, { number, id, at, delivery: undelivered }];
    const put = (Item: ReturnType<typeof lineItem>, seen: number | undefined) => ({
      Put: { TableName: table.name, Item, ...unchanged(seen) },
    });
    const outcome = await table.transact([
      put(messageIdItem(id, { task, reader, sending }), undefined),
      put(toAttributes({ ...countKey, version: number }), isCount(count) ? count : undefined),
      put(messageItem(message, number, at), undefined),
      put(lineItem({ ...line, posted }), line.version),
    ]);
    return outcome.kind === 'written' ? { done: 'sent' } : 'changed';
  });
}
