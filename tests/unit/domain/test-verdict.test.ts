import { expect, test } from 'vitest';
import type { TestRun } from '../../../src/domain/test-run.ts';
import { failureCount, judgeTests } from '../../../src/domain/test-verdict.ts';

const run = (exitCode: number | null, output = ''): TestRun => ({
  command: 'npm test',
  exitCode,
  timedOut: exitCode === null,
  durationMs: 1_000,
  output,
});

test('passing tests speak for a change whatever was before', () => {
  expect(judgeTests(run(1), run(0)).kind).toBe('passes');
  expect(judgeTests(undefined, run(0)).kind).toBe('passes');
});

test('tests that passed before and fail now speak against it', () => {
  expect(judgeTests(run(0), run(1))).toEqual({ kind: 'broken', why: 'exit code 1; before the change it passed' });
  expect(judgeTests(run(0), run(null)).kind).toBe('broken');
});

test('a failure from before that got no worse is not held against it', () => {
  expect(judgeTests(run(1, '2 failed'), run(1, '2 failed')).kind).toBe('still-fails');
  expect(judgeTests(run(1, '2 failed'), run(1, '1 failed')).kind).toBe('still-fails');
  expect(judgeTests(run(1), run(1)).kind).toBe('still-fails');
  expect(judgeTests(run(null), run(null)).kind).toBe('still-fails');
});

test('a failure that got worse is', () => {
  expect(judgeTests(run(1, '1 failed'), run(1, '2 failed')).kind).toBe('broken');
  expect(judgeTests(run(1), run(2)).kind).toBe('broken');
  expect(judgeTests(run(1), run(null)).kind).toBe('broken');
  expect(judgeTests(undefined, run(1)).kind).toBe('broken');
});

test.each([
  ['Tests  2 failed | 8 passed (10)', 2],
  ['Tests:       1 failed, 8 passed, 9 total', 1],
  ['=== 3 failed, 5 passed in 1.2s ===', 3],
  ['test result: FAILED. 8 passed; 4 failed; 0 ignored', 4],
  ['  7 passing\n  2 failing', 2],
  ['# pass 8\n# fail 1\n# cancelled 0', 1],
  ['ℹ pass 9\nℹ fail 0', 0],
  ['10 examples, 6 failures', 6],
  ['Tests run: 9, Failures: 2, Errors: 0', 2],
  ['panic', undefined],
])('failures are counted in %j', (output, count) => {
  expect(failureCount(output)).toBe(count);
});
