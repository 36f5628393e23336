import { describe, expect, test } from 'vitest';
import { agentItem, readAgent, withRun } from '../../../../src/adapters/dynamodb/agent-item.ts';
import { apiKeyItem, readApiKey } from '../../../../src/adapters/dynamodb/api-key-store.ts';
import { type Attributes, toAttributes } from '../../../../src/adapters/dynamodb/attribute-values.ts';
import { lineItem, messageItem, readLine, readMessage } from '../../../../src/adapters/dynamodb/message-items.ts';
import { readRun, runItem } from '../../../../src/adapters/dynamodb/run-item.ts';
import { readTask, taskItem } from '../../../../src/adapters/dynamodb/task-item.ts';
import type { RunRecord } from '../../../../src/domain/coordination/run-record.ts';
import { decideMirror } from '../../../../src/domain/coordination/task-decisions.ts';
import { sampleAgent, sampleIssue, sampleMessage, sampleRun } from '../../../fakes/coordination-samples.ts';

const run: RunRecord = {
  ...sampleRun('1', { agent: sampleAgent('1', { capabilities: ['sql'] }), branch: 'agent/1' }),
  workflowRun: { id: 9, attempt: 1, url: 'https://github.com/octo/slug/actions/runs/9' },
  dispatched: { tries: 2, at: 6_000, traceparent: '00-1-2-01', earlier: 8 },
  stopRequested: { by: 'mona', at: 7_000, reason: 'wrong issue' },
  version: 1,
};
const told = { changes: [], actor: 'test', at: 1 };
const mirrored = decideMirror(undefined, sampleIssue(1));
const posted = { number: 1, id: 'm1', at: 6_000, delivery: { state: 'waiting', deliveries: 0, visibleAt: 0 } } as const;
const apiKey = {
  id: 'k1',
  name: 'ci',
  role: 'viewer',
  createdAt: 1,
  createdBy: 'mona',
  repositories: ['octo/slug'],
} as const;

const kinds: Readonly<Record<string, { readonly item: Attributes; readonly read: (item: Attributes) => unknown }>> = {
  run: { item: runItem(run, told), read: readRun },
  task: { item: taskItem({ task: mirrored.task, version: 1, blocked: false }), read: readTask },
  message: { item: messageItem(sampleMessage('m1', { inReplyTo: 'm0' }), 1, 6_000), read: readMessage },
  line: {
    item: lineItem({ task: run.task, reader: 'reviewer', posted: [posted], acknowledged: ['r1'], version: 1 }),
    read: readLine,
  },
  agent: { item: agentItem(withRun(undefined, run)), read: readAgent },
  'API key': { item: toAttributes(apiKeyItem({ key: apiKey, hash: 'a', oldHash: 'b' })), read: readApiKey },
};

type Plain = Readonly<Record<string, unknown>>;
type Place = readonly (string | number)[];

/** Every member of plain data, by where it is. What messages carry is anybody's. */
function placesIn(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Object.entries(value).filter(([name]) => name !== 'body');
  return [...(at.length === 0 ? [] : [at]), ...inner.flatMap(([name, each]) => placesIn(each, [...at, name]))];
}

/** The same with something of no use to anybody in one place. */
function spoilt(value: unknown, [name, ...rest]: Place): unknown {
  if (name === undefined) return { odd: [true] };
  const copy: Record<string | number, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as Plain) };
  Reflect.set(copy, name, spoilt(Reflect.get(Object(value), name), rest));
  return copy;
}

/** Members of the item itself that are read, and those that lie in it as JSON. */
const asJson = new Set(['record', 'posted']);
const keyOnly = new Set(['pk', 'sk', 'listed', 'key', 'order', 'ofTask', 'ofAgent', 'due', 'ready', 'readyOrder']);
const unread = new Set(['actor', 'changes', 'blocked']);

describe('what lies in the table', () => {
  test.each(Object.keys(kinds))('is read as it was written: a record of a kind %s', (kind) => {
    const { item, read } = kinds[kind] ?? expect.fail();
    expect(() => read(item)).not.toThrow();
  });

  test.each(Object.keys(kinds))('is refused by its key and the field that is wrong, whichever it is: %s', (kind) => {
    const { item, read } = kinds[kind] ?? expect.fail();
    const tried: string[] = [];
    for (const [name, value] of Object.entries(item)) {
      const isTold = kind === 'run' && name === 'at';
      if (keyOnly.has(name) || unread.has(name) || isTold) continue;
      const isJson = asJson.has(name) && value.S !== undefined;
      const plain: unknown = isJson ? JSON.parse(value.S ?? '') : Object.values(value)[0];
      const places = isJson ? placesIn(plain) : [[]];
      for (const place of places) {
        const wrong = spoilt(plain, place);
        const changed = isJson ? { S: JSON.stringify(wrong) } : { M: toAttributes({ odd: true }) };
        const field = [name, ...place].join('.');
        tried.push(field);
        expect(() => read({ ...item, [name]: changed }), field).toThrow(
          expect.objectContaining({ code: 'E710', message: expect.stringContaining(`: ${field}`) }),
        );
        expect(() => read({ ...item, [name]: changed }), field).toThrow(String(item['pk']?.S));
      }
    }
    expect(tried.length).toBeGreaterThan(2);
  });

  test('is refused where something is missing, and left as it is where a newer version wrote more', () => {
    const { spent: _spent, ...less } = run;
    const of = (record: object) => ({ ...runItem(run, told), record: { S: JSON.stringify(record) } });
    expect(() => readRun(of(less))).toThrow('record.spent is not a group of members');
    expect(readRun(of({ ...run, newer: { and: 'more' } }))).toEqual({ ...run, newer: { and: 'more' } });
  });
});
