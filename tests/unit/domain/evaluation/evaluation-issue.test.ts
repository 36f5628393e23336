import { describe, expect, it } from 'vitest';
import { adversaryScript } from '../../../../src/domain/evaluation/adversaries.ts';
import { readEvaluationIssue } from '../../../../src/domain/evaluation/evaluation-issue.ts';
import { passedTests } from '../../../../src/domain/evaluation/passed-tests.ts';

const front = {
  id: 'py-x',
  language: 'python',
  kind: 'bug',
  title: 'It is wrong',
  tests: ['tests/**'],
  check: { command: 'python3 -m unittest check/test_hidden.py', passes: 3 },
};

describe('the front matter of an issue', () => {
  it('is read', () => {
    expect(readEvaluationIssue(front, '\nThe text.\n', 'py-x')).toEqual({
      kind: 'issue',
      issue: { ...front, body: 'The text.' },
    });
  });

  it('needs no check where the tests of the agent are what is judged', () => {
    const { check: _check, ...rest } = front;
    expect(readEvaluationIssue({ ...rest, kind: 'test' }, 'x', 'py-x').kind).toBe('issue');
    expect(readEvaluationIssue(rest, 'x', 'py-x')).toEqual({ kind: 'wrong', problems: ['check is missing'] });
  });

  it('tells all that is wrong with it at once', () => {
    const wrong = { id: 'other', language: 'cobol', kind: 'dream', title: '', tests: ['../x'], check: {}, extra: 1 };
    const read = readEvaluationIssue(wrong, ' ', 'Py x');
    expect(read).toMatchObject({ kind: 'wrong' });
    expect(read.kind === 'wrong' && read.problems).toHaveLength(9);
    expect(readEvaluationIssue('text', 'x', 'py-x').kind).toBe('wrong');
  });
});

describe('how many tests passed', () => {
  it('is told by the summary of each runner', () => {
    expect(passedTests('typescript', 'ok 1 - x\n# tests 3\n# pass 2\n# fail 1\n')).toBe(2);
    expect(passedTests('python', 'a ... ok\n\nRan 7 tests in 0.1s\n\nOK\n')).toBe(7);
    expect(passedTests('go', '=== RUN   TestA\n--- PASS: TestA (0.00s)\n    --- PASS: TestA/b (0.00s)\nPASS\n')).toBe(
      1,
    );
  });

  it('is none without a summary, whatever was printed', () => {
    expect(passedTests('javascript', 'all is well\n')).toBe(0);
    expect(passedTests('python', 'Ran 7 tests in 0.1s\n\nFAILED (failures=1)\n')).toBe(0);
    expect(passedTests('python', 'Ran 7 tests in 0.1s\n\nOK (skipped=7)\n')).toBe(0);
    expect(passedTests('go', 'ok  \texample.org/x\t0.01s [no tests to run]\n')).toBe(0);
  });
});

describe('a built-in model that must solve nothing', () => {
  it('names the files that it deletes, whatever they are called', () => {
    const { replies } = JSON.parse(adversaryScript('delete-tests', ["it's a.test.js", '-rf', 'tests/__init__.py'])) as {
      replies: { calls: { tool: string; input: { command?: string } }[] }[];
    };
    expect(replies[0]?.calls[0]?.input.command).toBe("rm -f -- 'it'\\''s a.test.js' '-rf'");
    expect(replies.map(({ calls }) => calls[0]?.tool)).toEqual(['bash', 'submit', 'submit', 'submit']);
  });
});
