import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runnerCommand, runnerValue } from '../../../src/domain/runner-command.ts';
import { parseKeyValueFile } from '../../../src/embedded/runner/io/key-value-file.ts';
import { parseWorkflowCommand } from '../../../src/embedded/runner/io/workflow-command.ts';
import { anyText } from '../../fakes/any-text.ts';

test('a message comes back as it was, on one line, whatever it holds', () => {
  const hostile = fc.constantFrom('a\n::add-mask::b', '100%\r\n::stop-commands::x', '%0A::error::y', '##[error]z', '');
  fc.assert(
    fc.property(fc.oneof(hostile, anyText({ maxLength: 40 })), (message) => {
      const line = runnerCommand('warning', message);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(line).not.toContain('\r');
      expect(parseWorkflowCommand(line.slice(0, -1))).toMatchObject({ name: 'warning', data: message });
    }),
  );
});

test('values come back as they were, one after the other, whatever they hold', () => {
  const hostile = fc.constantFrom('a\nother=b', 'x\nentropy_0\nadmin<<entropy_0\ntrue', '', '\r\n', 'a<<b\nc\nb');
  const values = fc.array(fc.oneof(hostile, anyText({ maxLength: 40 })), { maxLength: 4 });
  fc.assert(
    fc.property(values, (drawn) => {
      const text = drawn
        .map((value, index) => runnerValue(`name-${index}`, value, `entropy_${'7'.repeat(20)}`))
        .join('');
      const pairs = drawn.map((value, index) => [`name-${index}`, value]);
      expect(parseKeyValueFile(text)).toEqual({ kind: 'pairs', pairs });
    }),
  );
});

test('a value with the delimiter in it is refused, and so is a name that is none', () => {
  expect(() => runnerValue('outcome', 'a\nstop\nb=c', 'stop')).toThrow('delimiter');
  for (const name of ['a b', 'a\nb', 'a=b', 'a<<b', ''])
    expect(() => runnerValue(name, '', 'stop')).toThrow('not a name');
});
