import { describe, expect, test } from 'vitest';
import { evaluateExpression } from '../../../../src/embedded/runner/expression/evaluate.ts';
import type { Json } from '../../../../src/embedded/runner/json.ts';

/** Expressions with the values that GitHub's documentation gives for them, or that follow from its tables. */
const cases: readonly (readonly [string, Json])[] = [
  // "Literals"
  ['null', null],
  ['true', true],
  ['711', 711],
  ['-9.2', -9.2],
  ['0xff', 255],
  ['-2.99e-2', -0.0299],
  ["'It''s open source!'", "It's open source!"],
  ["'a''b''c'''", "a'b'c'"],
  // "Operators": loose equality and casts to numbers
  ["'' == 0", true],
  ["'12' == 12", true],
  ['null == 0', true],
  ['null == false', true],
  ['true == 1', true],
  ["'abc' == 'ABC'", true],
  ["'x' == 0", false],
  ["'x' > 0", false],
  ["'x' < 0", false],
  ['github.event.list == github.event.list', true],
  ["github.event.list == 'Array'", false],
  ['!github.event.missing', true],
  ['1 < 2 && 2 < 3', true],
  ["false || 'fallback'", 'fallback'],
  ["'' || 'fallback'", 'fallback'],
  ["'kept' || 'fallback'", 'kept'],
  ["github.ref == 'refs/heads/main' && 'a' || 'b'", 'a'],
  ["0 && 'never'", 0],
  ["github.event.list && 'objects are true'", 'objects are true'],
  ["github.event.nothing && 'never'", null],
  // Contexts, in any case, and what is not there
  ['GITHUB.EVENT.Issue.Number', 7],
  ["github['event']['issue']['number']", 7],
  ['github.event.missing.deeper', null],
  ['github.event.list[1]', 'b'],
  ['github.event.list[9]', null],
  ["github.event['list'][0]", 'a'],
  ['github.event.labels.*.name', ['bug', 'help wanted']],
  ['github.event.labels[*].name', ['bug', 'help wanted']],
  // "Functions"
  ["contains('Hello world', 'llo')", true],
  ["contains('Hello', 'HELLO')", true],
  ["contains(github.event.labels.*.name, 'bug')", true],
  ['contains(fromJSON(\'["push", "pull_request"]\'), github.event_name)', true],
  ["startsWith('Hello world', 'he')", true],
  ["endsWith('Hello world', 'LD')", true],
  ["format('Hello {0} {1} {2}', 'Mona', 'the', 'Octocat')", 'Hello Mona the Octocat'],
  ["format('{{Hello {0} {1} {2}!}}', 'Mona', 'the', 'Octocat')", '{Hello Mona the Octocat!}'],
  ["format('{0}{1}{0}', 1.50, true)", '1.5true1.5'],
  ["format('{0}', null)", ''],
  ["format('{0}', github.event)", 'Object'],
  ["join(github.event.labels.*.name, ', ')", 'bug, help wanted'],
  ['join(github.event.list)', 'a,b'],
  ["join('one', '-')", 'one'],
  ['toJSON(github.event.list)', '[\n  "a",\n  "b"\n]'],
  ["toJSON('a')", '"a"'],
  ['fromJSON(\'{"a": [1, true, null]}\').a[1]', true],
  ["case(github.ref == 'x', 1, github.ref == 'refs/heads/main', 2, 3)", 2],
];

const scope = {
  contexts: {
    github: {
      ref: 'refs/heads/main',
      event_name: 'push',
      event: {
        issue: { number: 7 },
        list: ['a', 'b'],
        labels: [{ name: 'bug' }, { name: 'help wanted' }],
        nothing: null,
      },
    },
  },
  functions: {},
};

describe('an expression', () => {
  test.each(cases)('%s is %j', (expression, value) => {
    expect(evaluateExpression(expression, scope)).toEqual(value);
  });

  test.each(["fromJSON('no')", "format('{1}', 'a')", 'github.', '1 +', 'unknown.x', 'nope()', "'open"])(
    '%s is refused',
    (expression) => {
      expect(() => evaluateExpression(expression, scope)).toThrow(
        `The expression \${{ ${expression} }} cannot be evaluated`,
      );
    },
  );

  test('is not led astray by names that every JavaScript object has', () => {
    for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(evaluateExpression(`github.event.${key}`, scope)).toBeNull();
      expect(evaluateExpression(`github.event['${key}']`, scope)).toBeNull();
    }
  });
});
