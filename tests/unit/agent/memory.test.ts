import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compactMemory, longestMemory, type RememberedRun } from '../../../src/agent/memory.ts';
import { rememberingRecorder } from '../../../src/agent/remembering-recorder.ts';

const run: RememberedRun = {
  who: 'coder, change',
  reason: 'The change is ready, and `npm test` passes.',
  submission: { title: 'Keep the last word', body: 'The limit was off by one.', verified: [] },
  notes: ['Found it. Next: fix it'],
  commands: [
    { command: 'npm test', result: '✗ exit 1' },
    { command: 'git diff', result: '✔' },
    { command: 'npm test', result: '✔' },
  ],
  changed: ['src/a.ts'],
};

it('a memory tells how the run ended, what it handed in, changed, noted and ran, the last result of each command', () => {
  expect(compactMemory(run)).toBe(`coder, change: The change is ready, and \`npm test\` passes.
Handed in: Keep the last word
The limit was off by one.
Changed:
- src/a.ts
Noted:
- Found it. Next: fix it
Ran:
- git diff → ✔
- npm test → ✔`);
});

it('a memory fits its room whatever the run was, keeps its beginning, and is the same each time', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 3_000 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), fc.array(text, { maxLength: 60 }), text, (notes, changed, body) => {
      const long = { ...run, notes, changed, submission: { title: body, body, verified: [] } };
      const memory = compactMemory(long);
      expect(Buffer.byteLength(memory)).toBeLessThanOrEqual(longestMemory);
      expect(memory.isWellFormed()).toBe(true);
      expect(memory.startsWith('coder, change: The change is ready')).toBe(true);
      expect(compactMemory(long)).toBe(memory);
    }),
    { numRuns: 50 },
  );
});

it('what is left out of a list is counted', () => {
  const changed = Array.from({ length: 40 }, (_, at) => `f${at}.ts`);
  expect(compactMemory({ ...run, changed })).toContain('- and 10 more');
});

it('a recorder remembers notes and commands, and records everything all the same', () => {
  const seen: string[] = [];
  const recorder = rememberingRecorder({ record: (event) => void seen.push(event.type) });
  const called = { turn: 1, callId: 'c', ok: true, summary: '✔', output: '', durationMs: 1 };
  recorder.record({ type: 'progress.noted', turn: 1, progress: 0.5, done: 'Half.', next: 'The rest' });
  recorder.record({ type: 'tool.finished', ...called, tool: 'bash', subject: 'npm test' });
  recorder.record({ type: 'tool.finished', ...called, tool: 'read_file', subject: 'a.ts' });
  expect(recorder.remembered).toEqual({
    notes: ['Half. Next: The rest'],
    commands: [{ command: 'npm test', result: '✔' }],
  });
  expect(seen).toHaveLength(3);
});
