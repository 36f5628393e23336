import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeMerge } from '../../src/domain/conflicts/lost-hunks.ts';

/** As code is: lines that differ, and between them some that say the same everywhere. */
const lineAt = (at: number): string => (at % 5 === 4 ? '}' : at % 7 === 6 ? '' : `const word${at} = words.pop();`);
const come = fc.constantFrom('}', '', '  return limit;', '// why', 'check(word);');
/** A change of one place: how many lines go, and what comes. */
const edit = fc.tuple(fc.nat(40), fc.nat(3), fc.array(come, { maxLength: 3 }));
const edits = fc.array(edit, { maxLength: 4 });

function edited(base: readonly string[], changes: readonly (readonly [number, number, readonly string[]])[]): string[] {
  const lines = [...base];
  for (const [at, gone, come] of changes) lines.splice(at % (lines.length + 1), gone, ...come);
  return lines;
}

test('what git merges by itself has lost nothing, so nobody is sent back for it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clean-merge-'));
  const text = (lines: readonly string[]): string => lines.map((each) => `${each}\n`).join('');
  const put = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  let clean = 0;
  try {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 40 }), edits, edits, (length, mine, yours) => {
        const lines = Array.from({ length }, (_, at) => lineAt(at));
        const [base, ours, theirs] = [lines, edited(lines, mine), edited(lines, yours)].map(text);
        const files = [put('ours', ours ?? ''), put('base', base ?? ''), put('theirs', theirs ?? '')];
        const merged = spawnSync('git', ['merge-file', '-p', ...files], { encoding: 'utf8' });
        if (merged.status !== 0) return;
        clean += 1;
        const { lost } = judgeMerge([{ path: 'a', base, ours, theirs, merged: merged.stdout }]);
        expect(lost).toEqual([]);
      }),
      { numRuns: 60 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(clean).toBeGreaterThan(20);
});
