import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compact, estimateTurns, type Turn } from '../../../src/agent/compaction.ts';
import { Conversation } from '../../../src/agent/conversation.ts';
import type { Message, UserBlock } from '../../../src/domain/conversation.ts';

const task: Message = { role: 'user', content: [{ type: 'text', text: 'the task' }] };

function turn(id: string, resultSizes: readonly number[]): Turn {
  const calls = resultSizes.map((_, at) => ({ type: 'tool_use' as const, id: `${id}.${at}`, name: 'bash', input: {} }));
  const results = resultSizes.map(
    (size, at): UserBlock => ({
      type: 'tool_result',
      toolUseId: `${id}.${at}`,
      content: 'x'.repeat(size),
      isError: false,
    }),
  );
  return {
    reply: { role: 'assistant', content: [{ type: 'text', text: `turn ${id}` }, ...calls] },
    answer: { role: 'user', content: [...results, { type: 'text', text: 'go on' }] },
  };
}

const histories = fc
  .array(fc.array(fc.integer({ min: 0, max: 16_000 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .map((sizes) => sizes.map((each, at) => turn(String(at), each)));

test('compaction fits the target, or has nothing left to take', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 100, max: 60_000 }), (turns, target) => {
      const kept = compact({ task, turns }, target).turns;
      const fits = estimateTurns(task, kept) <= target;
      const nothingLeft =
        kept.length === 1 &&
        kept.every(({ answer }) =>
          answer?.content.every((block) => block.type === 'text' || block.content.length <= 300),
        );
      expect(fits || nothingLeft).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('compaction parts no call from its result, keeps the order and the newest turns, and counts what it drops', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 100, max: 60_000 }), (turns, target) => {
      const { turns: kept, droppedMessages } = compact({ task, turns }, target);
      expect(droppedMessages).toBe(2 * (turns.length - kept.length));
      expect(kept.map(({ reply }) => reply)).toEqual(turns.slice(turns.length - kept.length).map(({ reply }) => reply));
      for (const { reply, answer } of kept) {
        const calls = reply.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
        const answered = answer?.content.flatMap((block) => (block.type === 'tool_result' ? [block.toolUseId] : []));
        expect(answered).toEqual(calls);
      }
    }),
    { numRuns: 300 },
  );
});

test('old results shrink before anything is dropped, and recent ones stay whole', () => {
  const turns = Array.from({ length: 20 }, (_, at) => turn(String(at), [8_000]));
  const { turns: kept, droppedMessages } = compact({ task, turns }, 30_000);
  expect(droppedMessages).toBe(0);
  const sizes = kept.map(({ answer }) =>
    answer?.content[0]?.type === 'tool_result' ? answer.content[0].content.length : 0,
  );
  expect(sizes[0]).toBeLessThanOrEqual(300);
  expect(sizes.slice(-6)).toEqual(Array(6).fill(8_000));
});

test('compaction gives the same for the same', () => {
  const turns = Array.from({ length: 20 }, (_, at) => turn(String(at), [8_000, 100]));
  expect(compact({ task, turns }, 9_000)).toEqual(compact({ task, turns }, 9_000));
});

function conversation(contextWindow = 40_000): Conversation {
  return new Conversation({ task: 'the task', fixedText: 'system', contextWindow, maxOutputTokens: 4_000 });
}

function addTurn(talk: Conversation, id: string, size: number): void {
  const { reply, answer } = turn(id, [size]);
  talk.addReply(reply.role === 'assistant' ? reply.content : []);
  talk.addAnswer(answer?.content ?? []);
}

test('a long conversation is compacted before its window is full, and keeps the task and the notes', () => {
  const talk = conversation();
  let compactions = 0;
  for (let at = 0; at < 60; at += 1) {
    if (talk.compact() !== undefined) compactions += 1;
    expect(talk.estimatedTokens()).toBeLessThanOrEqual(36_000);
    addTurn(talk, String(at), 12_000);
    talk.addNote(`note ${at}`);
  }
  talk.compact();
  const [first, second] = talk.messages();
  expect(first?.content[0]).toEqual({ type: 'text', text: 'the task' });
  expect(JSON.stringify(first)).toContain('- note 20');
  expect(second?.role).toBe('assistant');
  expect(compactions).toBeGreaterThan(2);
  expect(compactions).toBeLessThan(20);
});

test('a conversation with room is left alone', () => {
  const talk = conversation();
  addTurn(talk, '1', 10_000);
  expect(talk.compact()).toBeUndefined();
});

test('a task that fills the window by itself is not compacted again and again', () => {
  const talk = new Conversation({
    task: 'x'.repeat(200_000),
    fixedText: '',
    contextWindow: 40_000,
    maxOutputTokens: 0,
  });
  addTurn(talk, '1', 10_000);
  expect(talk.compact()).toBeDefined();
  expect(talk.compact()).toBeUndefined();
});

test("the model's own counts correct the estimate", () => {
  const talk = conversation();
  addTurn(talk, '1', 10_000);
  const before = talk.estimatedTokens();
  talk.correct(before * 2, before);
  expect(talk.estimatedTokens()).toBeCloseTo(before * 2, -1);
  talk.correct(0, before);
  expect(talk.estimatedTokens()).toBeCloseTo(before * 2, -1);
});

test('the last two messages from our side carry cache marks', () => {
  const talk = conversation();
  expect(talk.messages().map((message) => 'cache' in message)).toEqual([true]);
  addTurn(talk, '1', 10);
  addTurn(talk, '2', 10);
  expect(talk.messages().map((message) => 'cache' in message)).toEqual([false, false, true, false, true]);
});

test('a reply without words or calls is kept as a message that providers take back', () => {
  const talk = conversation();
  talk.addReply([{ type: 'text', text: '' }]);
  expect(talk.messages()[1]).toEqual({ role: 'assistant', content: [{ type: 'text', text: '[empty reply]' }] });
  expect(() => {
    talk.addAnswer([]);
    talk.addAnswer([]);
  }).toThrow('without a reply');
});
