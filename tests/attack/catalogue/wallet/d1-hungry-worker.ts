import { startBroker } from '../../../../src/adapters/broker/model-broker.ts';
import { defaultBudget } from '../../../../src/domain/budget.ts';
import { type FakeAnswer, startFakeAnthropic } from '../../../fakes/fake-anthropic.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const key = 'sk-ant-api03-Canary_0123456789-abcdefXYZ';
const usage = { input_tokens: 1_000, output_tokens: 50, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
const said: FakeAnswer = { kind: 'message', content: [{ type: 'text', text: 'ok' }], usage };

/** How many of so many questions were answered to a worker that counts nothing itself. */
export async function answered(
  questions: number,
  limits: Partial<typeof defaultBudget>,
  ask: object = {},
): Promise<number> {
  await using host = await startFakeAnthropic(
    Array.from({ length: questions }, () => said),
    { key },
  );
  const budget = { ...defaultBudget, ...limits };
  await using broker = await startBroker({
    targetBaseUrl: host.url,
    key: () => key,
    budget,
    clock: instantClock(),
    allowedModels: ['claude-opus-5-5'],
  });
  broker.arm();
  let count = 0;
  for (let at = 0; at < questions; at += 1) {
    const body = {
      model: 'claude-opus-5-5',
      max_tokens: 4_096,
      messages: [{ role: 'user', content: [{ type: 'text', text: `question ${at}` }] }],
      ...ask,
    };
    const response = await fetch(`${broker.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${broker.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await response.text();
    if (response.ok) count += 1;
  }
  return count;
}

export const hungryWorker: Attack = {
  id: 'D1',
  title: 'a worker that forgot its budget asks the model on and on',
  attack: async () => {
    const byTurns = await answered(6, { maxTurns: 3 });
    if (byTurns > 3) return escaped(`${byTurns} turns were paid for, 3 were allowed`);
    // One answer costs about 5,000 micro-USD, and 82,000 may be reserved for one.
    const byCost = await answered(6, { maxCostMicroUsd: 55_000 });
    return byCost < 6
      ? contained('who holds the key counts turns and money too')
      : escaped('more was spent than the budget');
  },
  twin: async () => {
    const count = await answered(3, { maxTurns: 3 });
    return count === 3 ? passed('what the budget allows is answered') : hindered(`only ${count} of 3`);
  },
};
