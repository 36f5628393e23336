import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runLoop } from '../../../src/agent/loop.ts';
import type { LoopEnd } from '../../../src/agent/loop-end.ts';
import { startMeter } from '../../../src/agent/meter.ts';
import { systemPrompt } from '../../../src/agent/prompts/system.ts';
import type { SubmissionVerdict } from '../../../src/agent/tool.ts';
import { toolsFor } from '../../../src/agent/toolbox.ts';
import { type BudgetLimits, defaultBudget } from '../../../src/domain/budget.ts';
import type { ToolResultBlock, UserBlock } from '../../../src/domain/conversation.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import type { ToolPolicy } from '../../../src/domain/tool-names.ts';
import type { ModelRequest } from '../../../src/ports/model.ts';
import { call, calling, type ListedReply, type ListModel, listModel, saying } from '../../fakes/list-model.ts';
import { type MemoryRecorder, memoryRecorder } from '../../fakes/memory-recorder.ts';
import { plainSandbox } from '../../fakes/plain-sandbox.ts';
import { type SimulatedClock, simulatedClock } from '../../fakes/simulated-clock.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';

const submission = { title: 'Fix it', body: 'Fixed.', verified: ['npm test: passes'] };
const submitting = () => calling(call('submit', submission));

interface Ran {
  readonly end: LoopEnd;
  readonly model: ListModel;
  readonly recorder: MemoryRecorder;
  readonly file: (name: string) => string;
}

interface Options {
  readonly budget?: Partial<BudgetLimits>;
  readonly signal?: AbortSignal;
  readonly clock?: SimulatedClock;
  readonly contextWindow?: number;
  readonly verdicts?: readonly SubmissionVerdict[];
  readonly files?: Readonly<Record<string, string>>;
  readonly afterCommand?: () => void;
  readonly tools?: ToolPolicy;
}

async function loop(replies: readonly ListedReply[], options: Options = {}): Promise<Ran> {
  using folder = tempFolder(options.files ?? {});
  const clock = options.clock ?? simulatedClock();
  const recorder = memoryRecorder(clock);
  const model = listModel(replies, options.contextWindow === undefined ? {} : { contextWindow: options.contextWindow });
  const plain = plainSandbox(folder.root);
  const verdicts = [...(options.verdicts ?? [{ kind: 'accepted', output: 'Submitted.' } as const])];
  const end = await runLoop(
    {
      model,
      sandbox: {
        ...plain,
        run: async (command, stop) => {
          const exit = await plain.run(command, stop);
          options.afterCommand?.();
          return exit;
        },
      },
      recorder,
      clock,
      meter: startMeter({ ...defaultBudget, ...options.budget }, clock),
      system: systemPrompt('change'),
      task: 'the task',
      tools: toolsFor({ work: 'change', ...(options.tools && { tools: options.tools }) }),
      judge: async () => {
        const verdict = verdicts.shift();
        if (verdict === undefined) throw new Error('judged once too often');
        return verdict;
      },
    },
    options.signal ?? new AbortController().signal,
  );
  const contents = new Map(
    Object.keys(options.files ?? {}).map((name) => [name, readFileSync(path.join(folder.root, name), 'utf8')]),
  );
  return { end, model, recorder, file: (name) => contents.get(name) ?? '' };
}

/** What the model was told in the newest message of a request. */
function told(request: ModelRequest | undefined): readonly UserBlock[] {
  const message = request?.messages.at(-1);
  return message?.role === 'user' ? message.content : [];
}

function results(request: ModelRequest | undefined): readonly ToolResultBlock[] {
  return told(request).filter((block) => block.type === 'tool_result');
}

function words(request: ModelRequest | undefined): string {
  return told(request)
    .flatMap((block) => (block.type === 'text' ? [block.text] : []))
    .join('\n');
}

test('a run reads, edits, tests and submits; every step is on record in order', async () => {
  const { end, model, recorder, file } = await loop(
    [
      calling(call('read_file', { path: 'a.txt' })),
      calling(
        call('edit_file', { path: 'a.txt', old_text: 'bug', new_text: 'fix' }),
        call('bash', { command: 'cat a.txt' }),
      ),
      calling(call('checkpoint', { progress: 0.9, done: 'Fixed it.', next: 'Submit.' })),
      submitting(),
    ],
    { files: { 'a.txt': 'a bug\n' } },
  );
  model.assertFinished();
  expect(end).toEqual({ kind: 'submitted', submission });
  expect(file('a.txt')).toBe('a fix\n');
  expect(recorder.events.map((event) => event.type).join(' ')).toBe(
    [
      'model.requested model.replied tool.started tool.finished',
      'model.requested model.replied tool.started tool.finished tool.started tool.finished',
      'model.requested model.replied tool.started tool.finished progress.noted',
      'model.requested model.replied tool.started tool.finished run.submitted',
    ].join(' '),
  );
  expect(recorder.ofType('tool.finished').map(({ tool, subject, summary }) => `${tool} ${subject} ${summary}`)).toEqual(
    [
      'read_file a.txt 1 line',
      'edit_file a.txt +1 −1',
      'bash cat a.txt ✔',
      'checkpoint Submit. 90 %',
      'submit "Fix it" ✔',
    ],
  );
});

test('all calls of one reply are answered, in order, each by its id', async () => {
  const calls = [call('bash', { command: 'echo 1' }), call('nonsense', {}), call('bash', { command: 'echo 3' })];
  const { model } = await loop([calling(...calls), submitting()]);
  const answered = results(model.requests[1]);
  expect(answered.map((result) => result.toolUseId)).toEqual(calls.map(({ id }) => id));
  expect(answered.map((result) => result.content.slice(0, 2))).toEqual(['1\n', 'Th', '3\n']);
});

test('an unknown tool is answered with the names of all tools, wrong input with the names of the fields', async () => {
  const { model, recorder } = await loop([
    calling(call('Bash', { command: 'ls' }), call('bash', { cmd: 'ls' }), call('bash', 'ls')),
    submitting(),
  ]);
  const [unknown, wrong, notAnObject] = results(model.requests[1]);
  expect(unknown).toMatchObject({ isError: true });
  expect(unknown?.content).toContain('There is no tool "Bash". Tools: bash, read_file, search,');
  expect(wrong?.content).toBe(
    'The input of bash was not accepted: "command" is missing; "cmd" is not a field. Its fields: command (string), timeout_seconds (integer, optional).',
  );
  expect(notAnObject?.content).toContain('the input is a string, an object is needed');
  expect(
    recorder
      .ofType('tool.finished')
      .slice(0, 3)
      .map((event) => event.summary),
  ).toEqual(['✗ no such tool', '✗ input', '✗ input']);
});

test('questions end the run', async () => {
  const { end, recorder } = await loop([calling(call('ask', { questions: ['Which one?'] }))]);
  expect(end).toEqual({ kind: 'asked', questions: ['Which one?'] });
  expect(recorder.ofType('run.asked')).toHaveLength(1);
});

test('a refused submission is answered and the run goes on', async () => {
  const refused = { kind: 'refused', output: 'Not submitted: tests fail', summary: '✗ tests' } as const;
  const { end, model, recorder } = await loop([submitting(), submitting()], {
    verdicts: [refused, { kind: 'accepted', output: 'Submitted.' }],
  });
  expect(end.kind).toBe('submitted');
  expect(results(model.requests[1])[0]).toMatchObject({ content: 'Not submitted: tests fail', isError: true });
  expect(recorder.ofType('run.submitted')).toHaveLength(1);
});

test('a submission behind a call that failed in the same reply is not taken', async () => {
  const { end, model } = await loop([
    calling(call('edit_file', { path: 'none', old_text: 'a', new_text: 'b' }), call('submit', submission)),
    submitting(),
  ]);
  expect(results(model.requests[1])[1]?.content).toContain('an earlier call of the same reply failed');
  expect(end.kind).toBe('submitted');
});

test('replies without a call are answered by a reminder, and end the run at the third in a row', async () => {
  const { end, model } = await loop([saying('Hm.'), saying('Let me think.'), { content: [] }]);
  expect(end).toEqual({ kind: 'gave-up', reason: 'it gave 3 replies in a row without calling a tool' });
  expect(words(model.requests[1])).toContain('call a tool');
  const { end: recovered } = await loop([
    saying('Hm.'),
    saying('Hm.'),
    calling(call('bash', { command: 'true' })),
    saying('Hm.'),
    submitting(),
  ]);
  expect(recovered.kind).toBe('submitted');
});

test('a model that declines ends the run, and nothing that it called is done', async () => {
  const { end, recorder } = await loop([{ ...calling(call('bash', { command: 'true' })), stopReason: 'refusal' }]);
  expect(end).toMatchObject({ kind: 'gave-up', reason: 'it declined to work on this' });
  expect(recorder.ofType('tool.started')).toEqual([]);
});

test('the call in which a reply was cut off is not made, those before it are', async () => {
  const { model, file } = await loop(
    [
      {
        ...calling(call('bash', { command: 'echo whole' }), call('write_file', { path: 'a.txt', content: 'half of' })),
        stopReason: 'max_tokens',
      },
      { ...saying('And so I'), stopReason: 'max_tokens' },
      submitting(),
    ],
    { files: { 'a.txt': 'old' } },
  );
  const [whole, cut] = results(model.requests[1]);
  expect(whole?.content).toBe('whole\n');
  expect(cut).toMatchObject({ isError: true, content: expect.stringContaining('greatest length') });
  expect(file('a.txt')).toBe('old');
  expect(words(model.requests[2])).toContain('greatest length');
});

test('the same act again and again is warned about and then ends the run', async () => {
  const same = () => calling(call('bash', { command: 'cat x' }));
  const { end, model } = await loop([same(), same(), same(), same(), same()]);
  expect(end).toEqual({
    kind: 'gave-up',
    reason: 'it went in circles: the same was done 5 times in a row: bash cat x',
  });
  expect(words(model.requests[2])).toBe('');
  expect(words(model.requests[3])).toContain('This goes in circles: the same was done 3 times in a row');
});

test('an error that keeps coming back ends the run, whatever is done between', async () => {
  const replies = Array.from({ length: 8 }, (_, at) =>
    calling(
      call('write_file', { path: `f${at}`, content: '' }),
      call('bash', { command: `echo "the assertion in the test failed: expected one, was two"; exit 1 # ${at}` }),
    ),
  );
  const { end } = await loop(replies);
  expect(end).toMatchObject({ kind: 'gave-up', reason: expect.stringContaining('the same error came back 8 times') });
});

test.each([
  ['turns', { maxTurns: 2 }, {}, 2],
  ['tokens', { maxTokens: 1_000 }, { usage: { inputTokens: 600 } }, 2],
  ['cost', { maxCostMicroUsd: 1_000 }, { costMicroUsd: 500 }, 2],
] as const)(
  'the run ends when its %s are used up, before the next call of the model',
  async (limit, budget, spent, calls) => {
    const replies = Array.from({ length: calls }, (_, at) => ({
      ...calling(call('bash', { command: `echo ${at}` })),
      ...spent,
    }));
    const { end, model } = await loop(replies, { budget });
    expect(end).toEqual({ kind: 'over-budget', limit });
    model.assertFinished();
  },
);

test('the run ends when its minutes are over, between calls and in the middle of a model call', async () => {
  const clock = simulatedClock();
  const between = await loop(
    [
      () => {
        clock.advance(60_000);
        return calling(call('bash', { command: 'true' }));
      },
    ],
    { clock, budget: { maxMinutes: 1 } },
  );
  expect(between.end).toEqual({ kind: 'over-budget', limit: 'minutes' });
  expect(between.recorder.ofType('tool.started')).toEqual([]);

  const second = simulatedClock();
  const during = await loop(
    [
      () => {
        queueMicrotask(() => second.advance(60_000));
        return new Promise(() => {});
      },
    ],
    { clock: second, budget: { maxMinutes: 1 } },
  );
  expect(during.end).toEqual({ kind: 'over-budget', limit: 'minutes' });
  expect(during.recorder.ofType('model.failed')).toHaveLength(1);
});

test('no command begins when a command before it in the same reply took the last of the minutes', async () => {
  const clock = simulatedClock();
  const { end, recorder } = await loop(
    [calling(call('bash', { command: 'true' }), call('bash', { command: 'true' }))],
    {
      clock,
      budget: { maxMinutes: 1 },
      afterCommand: () => clock.advance(60_000),
    },
  );
  expect(end).toEqual({ kind: 'over-budget', limit: 'minutes' });
  expect(recorder.ofType('tool.started')).toHaveLength(1);
});

test('the model is told once when little is left', async () => {
  const replies = Array.from({ length: 9 }, (_, at) =>
    calling(call('checkpoint', { progress: 0, done: `${at}`, next: 'x' })),
  );
  const { model } = await loop([...replies, submitting()], { budget: { maxTurns: 10 } });
  const telling = model.requests.flatMap((request) =>
    words(request).includes('Left to this run: 2 turns.') ? [request.turn] : [],
  );
  expect(telling).toEqual([9]);
  expect(words(model.requests[9])).toBe('');
});

test('a cancel ends the run from within a model call and from within a command, with its reason', async () => {
  const cancel = new AbortController();
  const inModel = await loop(
    [
      () => {
        cancel.abort(new Error('stopped by @bob'));
        return new Promise(() => {});
      },
    ],
    { signal: cancel.signal },
  );
  expect(inModel.end).toEqual({ kind: 'cancelled', reason: 'stopped by @bob' });

  const second = new AbortController();
  const inCommand = await loop(
    [
      () => {
        setTimeout(() => second.abort(new Error('stopped by @eve')), 100);
        return calling(call('bash', { command: 'sleep 60' }));
      },
    ],
    { signal: second.signal },
  );
  expect(inCommand.end).toEqual({ kind: 'cancelled', reason: 'stopped by @eve' });
  expect(inCommand.recorder.ofType('tool.finished')[0]).toMatchObject({ ok: false, summary: '✗ cancelled' });
});

test('a failure of the model ends the run with its reason; a refusal of the broker is a matter of budget', async () => {
  const failing = (code: 'E303' | 'E307') => () => {
    throw new EntropyError({ code, message: 'it said no', fix: 'wait', retryable: code === 'E303' });
  };
  const { end, recorder } = await loop([failing('E303')]);
  expect(end).toEqual({ kind: 'failed', reason: 'E303: it said no', retryable: true });
  expect(recorder.ofType('model.failed')).toMatchObject([{ turn: 1, retryable: true }]);
  expect((await loop([failing('E307')])).end).toMatchObject({ kind: 'over-budget', limit: 'cost' });
});

test('a fault that nobody foresaw is thrown, not hidden', async () => {
  await expect(loop([])).rejects.toThrow('the model was called 1 times, 0 listed');
});

test('a long conversation is compacted on record, and every call keeps its result', async () => {
  const replies = Array.from({ length: 12 }, (_, at) => calling(call('bash', { command: `seq ${at} 3000` })));
  const { recorder, model } = await loop([...replies, submitting()], { contextWindow: 24_000 });
  expect(recorder.ofType('conversation.compacted').length).toBeGreaterThan(0);
  for (const request of model.requests) {
    const called = request.messages.flatMap((message) =>
      message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : [])),
    );
    const answered = request.messages.flatMap((message) =>
      message.content.flatMap((block) => (block.type === 'tool_result' ? [block.toolUseId] : [])),
    );
    expect(answered).toEqual(called);
    expect(request.messages[0]?.content[0]).toEqual({ type: 'text', text: 'the task' });
  }
});

test('the loop itself costs little: 50 turns without a command in well under a second', async () => {
  const replies = Array.from({ length: 50 }, (_, at) =>
    calling(call('checkpoint', { progress: at / 50, done: `step ${at}`, next: 'go on' })),
  );
  const started = performance.now();
  await loop([...replies, submitting()], { budget: { maxTurns: 100 } });
  expect(performance.now() - started).toBeLessThan(500);
});

test('a tool that the policy leaves out is not offered, and not run when it is called all the same', async () => {
  const tools: ToolPolicy = { allowedTools: [], deniedTools: ['bash'] };
  const ran = await loop([calling(call('bash', { command: 'touch made' })), submitting()], { tools });
  expect(ran.model.requests[0]?.tools.map(({ name }) => name)).not.toContain('bash');
  expect(JSON.stringify(told(ran.model.requests[1]))).toContain('There is no tool');
  expect(ran.end.kind).toBe('submitted');
});
