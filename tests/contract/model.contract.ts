import { expect, test } from 'vitest';
import { totalTokens } from '../../src/domain/budget.ts';
import type { Message } from '../../src/domain/conversation.ts';
import { EntropyError } from '../../src/domain/error.ts';
import type { Model, ModelRequest } from '../../src/ports/model.ts';

export interface ModelUnderTest extends AsyncDisposable {
  readonly model: Model;
}

/** A model prepared to give exactly the replies of `contractReplies`, in order. */
export type OpenModel = () => Promise<ModelUnderTest>;

/** First a call of `bash` with a text beside it, then a text alone. */
export const contractReplies = {
  text: 'I run the tests first.\nThen — “fix”.',
  tool: 'bash',
  input: { command: 'npm test -- --grep "é\\n"', timeout_seconds: 60 },
  ending: 'All tests pass.',
  usage: { inputTokens: 120, outputTokens: 30, cacheReadTokens: 1000, cacheWriteTokens: 200 },
};

const tools = [{ name: 'bash', description: 'Runs a command.', inputSchema: { type: 'object', properties: {} } }];
const issue: Message = { role: 'user', content: [{ type: 'text', text: 'Fix issue 1.' }], cache: true };

function request(turn: number, messages: readonly Message[]): ModelRequest {
  return { turn, system: 'You are a coder.', tools, messages, maxOutputTokens: 1000 };
}

/** What every model keeps to, whatever answers behind it. */
export function modelContract(name: string, open: OpenModel): void {
  const { signal } = new AbortController();

  test(`${name}: a reply has its text, its calls with their input, a stop reason, usage and cost`, async () => {
    await using under = await open();
    const reply = await under.model.complete(request(1, [issue]), signal);
    const content = reply.content.filter((block) => block.type !== 'thinking');
    expect(content).toEqual([
      { type: 'text', text: contractReplies.text },
      { type: 'tool_use', id: expect.any(String), name: contractReplies.tool, input: contractReplies.input },
    ]);
    expect(reply.stopReason).toBe('tool_use');
    expect(reply.usage).toEqual(contractReplies.usage);
    expect(Number.isSafeInteger(reply.costMicroUsd) && reply.costMicroUsd >= 0).toBe(true);
    expect(reply.model).not.toBe('');
    expect(totalTokens(reply.usage)).toBeLessThan(under.model.contextWindow);
  });

  test(`${name}: a conversation goes on with the results of the calls`, async () => {
    await using under = await open();
    const first = await under.model.complete(request(1, [issue]), signal);
    const call = first.content.find((block) => block.type === 'tool_use');
    const results: Message = {
      role: 'user',
      content: [{ type: 'tool_result', toolUseId: call?.id ?? '', content: '9 of 9', isError: false }],
      cache: true,
    };
    const messages: Message[] = [issue, { role: 'assistant', content: first.content }, results];
    const second = await under.model.complete(request(2, messages), signal);
    expect(second.content).toEqual([{ type: 'text', text: contractReplies.ending }]);
    expect(second.stopReason).toBe('end_turn');
  });

  test(`${name}: the request is not changed`, async () => {
    await using under = await open();
    const messages = [structuredClone(issue)];
    const asked = request(1, messages);
    const before = structuredClone(asked);
    await under.model.complete(asked, signal);
    expect(asked).toEqual(before);
  });

  test(`${name}: an aborted signal ends the call with the signal's own reason`, async () => {
    await using under = await open();
    const reason = new Error('stopped by bob');
    await expect(under.model.complete(request(1, [issue]), AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test(`${name}: a call beyond what is there fails with a final error of the E3 family`, async () => {
    await using under = await open();
    const first = await under.model.complete(request(1, [issue]), signal);
    const call = first.content.find((block) => block.type === 'tool_use');
    const answered: Message[] = [
      issue,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', toolUseId: call?.id ?? '', content: '', isError: true }] },
    ];
    await under.model.complete(request(2, answered), signal);
    const error = await under.model.complete(request(3, answered), signal).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EntropyError);
    expect(error).toMatchObject({
      code: expect.stringMatching(/^E3/),
      retryable: false,
      fix: expect.stringMatching(/\w/),
    });
  });
}
