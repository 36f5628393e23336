import { describe, expect, test } from 'vitest';
import { createSecretMasker } from '../../../../src/embedded/runner/io/secret-masker.ts';
import { createStepLog } from '../../../../src/embedded/runner/io/step-log.ts';
import { createLineSplitter } from '../../../../src/embedded/runner/process/line-splitter.ts';

describe('the log of a step', () => {
  test('keeps its beginning and its end of a flood, and says how much is missing', () => {
    let told = 0;
    const log = createStepLog(createSecretMasker(), () => {
      told += 1;
    });
    const line = 'y'.repeat(99);
    const total = 60_000;
    for (let count = 0; count < total; count += 1) log.write(`${count} ${line}`);
    const text = log.text();
    expect(told).toBe(total);
    expect(text.length).toBeLessThan(2.1 * 1024 * 1024);
    expect(text.startsWith(`0 ${line}\n1 `)).toBe(true);
    expect(text.endsWith(`${total - 1} ${line}\n`)).toBe(true);
    const dropped = Number(/\[… (\d+) lines left out …\]/.exec(text)?.[1]);
    expect(dropped + text.split('\n').length - 2).toBe(total);
  });

  test('is masked line by line', () => {
    const lines: string[] = [];
    const log = createStepLog(createSecretMasker(['top\nsecret-line']), (line) => lines.push(line));
    log.write('a top\nsecret-line b');
    expect(lines).toEqual(['a ***', '*** b']);
    expect(log.text()).toBe('a ***\n*** b\n');
  });
});

describe('lines of a process', () => {
  const split = (...chunks: readonly Uint8Array[]): readonly string[] => {
    const lines: string[] = [];
    const splitter = createLineSplitter((line) => lines.push(line));
    for (const chunk of chunks) splitter.write(chunk);
    splitter.end();
    return lines;
  };

  test('come whole, whatever pieces they arrive in', () => {
    const bytes = Buffer.from('one ü\r\ntwo\n\nlast');
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(split(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(['one ü', 'two', '', 'last']);
    }
  });

  test('are cut when they never end', () => {
    const lines = split(Buffer.alloc(200_000, 'x'));
    expect(lines.every((line) => line.length <= 65_536)).toBe(true);
    expect(lines.join('')).toHaveLength(200_000);
  });
});
