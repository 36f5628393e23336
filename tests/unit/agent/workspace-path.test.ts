import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPath } from '../../../src/agent/workspace-path.ts';

const message = (raw: string): string => {
  const verdict = checkPath(raw);
  return verdict.kind === 'bad' ? verdict.message : `good: ${verdict.path}`;
};

test('paths are brought into one form', () => {
  expect(message('./src//a.ts')).toBe('good: src/a.ts');
  expect(message('src/./a.ts/')).toBe('good: src/a.ts');
  expect(message('')).toBe('good: .');
  expect(message('..a/b..')).toBe('good: ..a/b..');
});

test('absolute paths, parents, NUL and control characters are refused with what to do', () => {
  expect(message('/ws/src/a.ts')).toContain('use "src/a.ts"');
  expect(message('/etc/passwd')).toContain('absolute');
  expect(message('src/../../x')).toContain('".." is not allowed');
  expect(message('a\0b')).toContain('NUL');
  expect(message('a\nb')).toContain('control character');
  expect(message('~/x')).toContain('not expanded');
  expect(message('a'.repeat(5_000))).toContain('longer than');
});

test('whatever is let through is relative, without parents, and never an option', () => {
  const part = fc.oneof(fc.constantFrom('..', '.', '', '-rf', '~', 'a', '\0', '\n', ' '), fc.string());
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const verdict = checkPath(parts.join('/'));
      if (verdict.kind === 'bad') return;
      expect(verdict.argument === '.' || verdict.argument.startsWith('./')).toBe(true);
      expect(verdict.path.split('/')).not.toContain('..');
      expect(verdict.path.startsWith('/')).toBe(false);
      expect(verdict.path).not.toContain('\0');
    }),
    { numRuns: 2_000 },
  );
});
