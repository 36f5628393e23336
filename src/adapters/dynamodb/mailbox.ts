import { randomUUID } from 'node:crypto';
import type { AgentMessage } from '../../domain/coordination/message.ts';
import { bodyBytes, maxMessageBytes, messageTooLarge } from '../../domain/coordination/message-delivery.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Delivered, Mailbox } from '../../ports/mailbox.ts';
import { unchanged } from './commit-claim.ts';
import { untilWritten } from './contend.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { acknowledgedIn, handOutOf, headOf, redrivenIn } from './hand-out.ts';
import { keyText, lineKey, messageIdKey, messageKey } from './item-keys.ts';
import { type Line, lineItem, linesOf, type Posted, readLine, readMessage, readMessagePlace } from './message-items.ts';
import { readReceipt, writeReceipt } from './receipts.ts';
import { sendMessage } from './send-message.ts';
import { table as names } from './table.ts';
import { readItems } from './task-views.ts';

/** Messages between agents. Each lies in the line of its task and reader; deliveries are counted there, in one write. */
export function createDynamoMailbox(table: DynamoTable, clock: Clock): Mailbox {
  /** Those in which something waits or was given up, as they are now. */
  const linesFor = async (reader: string): Promise<readonly Line[]> => {
    const lines: Line[] = [];
    for await (const page of table.query({ index: names.byAgent, partition: linesOf(reader) })) {
      const found = await readItems(table, page);
      lines.push(...[...found.values()].map(readLine));
    }
    return lines;
  };

  const writeLine = async (line: Line): Promise<boolean> => {
    const outcome = await table.put({ Item: lineItem(line), ...unchanged(line.version) });
    return outcome.kind === 'written';
  };

  /** What `next` makes of the line as it is, until nobody else changed it meanwhile. `seen`: it was read just now. */
  const changeLine = <T>(
    { task, reader }: Pick<Line, 'task' | 'reader'>,
    next: (line: Line | undefined) => { readonly line: Line | undefined; readonly answer: T },
    seen?: Line,
  ): Promise<T> => {
    let known = seen;
    return untilWritten(table, `the messages for ${reader} about ${task}`, async () => {
      const item = known === undefined ? await table.get(lineKey(task, reader)) : undefined;
      const { line, answer } = next(known ?? (item && readLine(item)));
      known = undefined;
      return line === undefined || (await writeLine(line)) ? { done: answer } : 'changed';
    });
  };

  const handOut = async (reader: string, limit: number, visibilityMs: number): Promise<readonly Delivered[]> => {
    const lines = [...(await linesFor(reader))].sort(byAge);
    const given: (Posted & { readonly task: string; readonly receipt: string })[] = [];
    for (const seen of lines) {
      const next = (line: Line | undefined) => {
        const asked = { mayDeliver: given.length < limit, visibilityMs, now: clock.now(), newReceipt: randomUUID };
        const out = line === undefined ? undefined : handOutOf(line, asked);
        return { line: out?.line, answer: out?.delivered };
      };
      const delivered = await changeLine(seen, next, seen);
      if (delivered === undefined) continue;
      given.push({ ...delivered, task: seen.task });
    }
    const keys = given.map(({ task, number }) => messageKey(task, number));
    const found = await readItems(table, keys);
    return given.flatMap(({ task, number, id, receipt, delivery }) => {
      const item = found.get(keyText(messageKey(task, number)));
      if (item === undefined) return [];
      const handle = writeReceipt({ id, receipt });
      return [{ message: readMessage(item).message, receipt: handle, deliveries: delivery.deliveries }];
    });
  };

  return {
    send: async (message) => {
      const bytes = bodyBytes(message);
      if (bytes > maxMessageBytes) throw messageTooLarge(message, bytes);
      return sendMessage(table, message, clock.now());
    },

    receive: (to, { limit, visibilityMs }) => handOut(to, limit, visibilityMs),

    acknowledge: async (handle) => {
      const told = readReceipt(handle);
      const item = told && (await table.get(messageIdKey(told.id)));
      if (told === undefined || item === undefined) return false;
      return changeLine(readMessagePlace(item), (line) => {
        const next = line && acknowledgedIn(line, told.receipt);
        return { line: next === 'already' ? undefined : next, answer: next !== undefined };
      });
    },

    dead: async (to) => {
      await handOut(to, 0, 0);
      const dead = (await linesFor(to)).flatMap(({ task, posted }) =>
        posted.filter(({ delivery }) => delivery.state === 'dead').map((one) => ({ task, ...one })),
      );
      const keys = dead.sort(byPlace).map(({ task, number }) => messageKey(task, number));
      const found = await readItems(table, keys);
      return keys.flatMap((key): AgentMessage[] => {
        const item = found.get(keyText(key));
        return item === undefined ? [] : [readMessage(item).message];
      });
    },

    redrive: async (id) => {
      const item = await table.get(messageIdKey(id));
      if (item === undefined) return false;
      return changeLine(readMessagePlace(item), (line) => {
        const next = line && redrivenIn(line, id);
        return { line: next, answer: next !== undefined };
      });
    },

    about: async (task) => {
      const messages: AgentMessage[] = [];
      const bounds = { from: messageKey(task, 0).sk, to: messageKey(task, Number.MAX_SAFE_INTEGER).sk };
      for await (const page of table.items({ partition: messageKey(task, 0).pk, ...bounds })) {
        messages.push(...page.map((item) => readMessage(item).message));
      }
      return messages;
    },
  };
}

/** The line whose oldest message is the oldest of all first. */
function byAge(a: Line, b: Line): number {
  const [first, second] = [headOf(a), headOf(b)];
  if (first === undefined || second === undefined) return first === second ? 0 : first === undefined ? 1 : -1;
  return byPlace({ task: a.task, ...first }, { task: b.task, ...second });
}

interface Place {
  readonly task: string;
  readonly at: number;
  readonly number: number;
}

function byPlace(a: Place, b: Place): number {
  return a.at - b.at || (a.task < b.task ? -1 : a.task > b.task ? 1 : a.number - b.number);
}
