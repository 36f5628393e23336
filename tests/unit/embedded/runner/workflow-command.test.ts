import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWorkflowCommand } from '../../../../src/embedded/runner/io/workflow-command.ts';
import { anyText } from '../../../fakes/any-text.ts';

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

describe('a workflow command', () => {
  test('comes back as @actions/core wrote it', () => {
    const text = anyText({ maxLength: 30 }).filter((drawn) => drawn !== '');
    fc.assert(
      fc.property(text, text, (title, message) => {
        const command = parseWorkflowCommand(`::error title=${escapeProperty(title)},line=3::${escapeData(message)}`);
        expect(command?.name).toBe('error');
        expect(command?.data).toBe(message);
        expect(command?.properties.get('title')).toBe(title);
        expect(command?.properties.get('line')).toBe('3');
      }),
    );
  });

  test.each([
    ['  ::warning::indented', 'warning', 'indented'],
    ['::group::a::b', 'group', 'a::b'],
    ['text ##[error]older', 'error', 'older'],
    ['##[warning file=a;line=2]older', 'warning', 'older'],
    ['::Error::any case', 'error', 'any case'],
    ['::end-group::', 'end-group', ''],
  ])('is read from %j', (line, name, data) => {
    expect(parseWorkflowCommand(line)).toMatchObject({ name, data });
  });

  test.each(['plain', 'text ::error::inside', '::error', ':error::x', '::::x', '##[error'])(
    'is not seen in %j',
    (line) => {
      expect(parseWorkflowCommand(line)).toBeUndefined();
    },
  );

  test('does not unescape twice', () => {
    expect(parseWorkflowCommand('::debug::%250A')?.data).toBe('%0A');
  });
});
