import type { ToolUseBlock } from '../../../../src/domain/conversation.ts';
import { call, calling } from '../../../fakes/list-model.ts';
import { obedientRun } from '../../../fakes/obedient-run.ts';
import { type Attack, contained, escaped, hindered, type Passage, passed } from '../attack.ts';

const most = 16;

/** How a run ends whose model would go on for ever, and after how many calls of the model. */
async function loop(each: (turn: number) => ToolUseBlock, maxTurns: number, signal: AbortSignal) {
  const budget = { maxTurns, maxTokens: 1_000_000, maxCostMicroUsd: 1_000_000, maxMinutes: 5 };
  const replies = Array.from({ length: most }, (_, turn) => calling(each(turn)));
  const done = calling(call('ask', { questions: ['Enough?'] }));
  const { result } = await obedientRun({
    files: { 'a.txt': 'a\n' },
    replies: [...replies, done],
    task: { testCommand: 'true', budget },
    signal,
  });
  return result;
}

/** The same for all of them: different steps with a test after each. */
let ordinaryWork: Promise<Passage> | undefined;

async function work(signal: AbortSignal): Promise<Passage> {
  const step = (turn: number) => call('bash', { command: turn % 2 === 0 ? `echo ${turn} >>a.txt` : 'cat a.txt' });
  const { outcome, reason } = await loop(step, 100, signal);
  return outcome === 'needs_info' ? passed('many different steps are let through') : hindered(reason);
}

function loopAttack(title: string, each: (turn: number) => ToolUseBlock, expected: RegExp, maxTurns = 100): Attack {
  return {
    id: 'D1',
    title,
    attack: async (signal) => {
      const { outcome, reason, modelCalls } = await loop(each, maxTurns, signal);
      if (modelCalls >= most) return escaped(`the model was asked ${modelCalls} times`);
      return expected.test(reason) ? contained(`${outcome} after ${modelCalls} calls of the model`) : escaped(reason);
    },
    twin: (signal) => (ordinaryWork ??= work(signal)),
  };
}

export const sameAgain = loopAttack(
  'a model does the same over and over',
  () => call('bash', { command: 'true' }),
  /in circles: the same was done/,
);

export const sameError = loopAttack(
  'a model runs into the same error again and again, by other ways each time',
  (turn) => call('read_file', { path: 'gone.txt', from_line: turn + 1 }),
  /in circles: the same error/,
);

export const endlessWork = loopAttack(
  'a model does something else each time and comes to no end',
  (turn) => call('bash', { command: `echo ${turn}` }),
  /budget of 10 turns/,
  10,
);
