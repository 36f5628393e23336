import { createAnthropicModel } from '../../src/adapters/anthropic/anthropic-model.ts';
import { startBroker } from '../../src/adapters/broker/model-broker.ts';
import { createReplayModel } from '../../src/adapters/replay/replay-model.ts';
import { parseScript } from '../../src/adapters/scripted/script-file.ts';
import { createScriptedModel } from '../../src/adapters/scripted/scripted-model.ts';
import { defaultBudget } from '../../src/domain/budget.ts';
import { startFakeAnthropic } from '../fakes/fake-anthropic.ts';
import { instantClock } from '../fakes/instant-clock.ts';
import { modelReplied, numbered, runStarted } from '../fakes/sample-events.ts';
import { contractReplies, modelContract } from './model.contract.ts';

const { text, tool, input, ending, usage } = contractReplies;
const wireUsage = {
  input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens,
  cache_read_input_tokens: usage.cacheReadTokens,
  cache_creation_input_tokens: usage.cacheWriteTokens,
};
const nothing = { async [Symbol.asyncDispose]() {} };

modelContract('anthropic, through the broker', async () => {
  const thinking = { type: 'thinking', thinking: 'Tests first.', signature: 'c2lnbmVk' };
  const call = { type: 'tool_use', id: 'toolu_1', name: tool, input };
  const host = await startFakeAnthropic([
    { kind: 'message', content: [thinking, { type: 'text', text }, call], usage: wireUsage },
    { kind: 'message', content: [{ type: 'text', text: ending }], usage: wireUsage },
  ]);
  const clock = instantClock();
  const broker = await startBroker({ targetBaseUrl: host.url, key: () => 'sk-ant-fake', budget: defaultBudget, clock });
  broker.arm();
  const model = createAnthropicModel({ baseUrl: broker.url, authToken: broker.token, model: 'claude-opus-5-5', clock });
  return {
    model,
    async [Symbol.asyncDispose]() {
      await broker.close();
      await host[Symbol.asyncDispose]();
    },
  };
});

modelContract('scripted', async () => {
  const spent = {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
  };
  const script = { script: 1, replies: [{ text, calls: [{ tool, input }], usage: spent }, { text: ending }] };
  const model = createScriptedModel(await parseScript(Buffer.from(JSON.stringify(script)), 'script.yml'));
  return { model, ...nothing };
});

modelContract('replay', async () => {
  const first = modelReplied(1, text);
  const second = modelReplied(2, ending);
  const events = numbered([
    runStarted,
    {
      ...first,
      usage,
      content: first.content.map((block) => (block.type === 'tool_use' ? { ...block, name: tool, input } : block)),
    },
    { ...second, usage, stopReason: 'end_turn', content: [{ type: 'text', text: ending }] },
  ]);
  return { model: createReplayModel({ events, torn: false }), ...nothing };
});
