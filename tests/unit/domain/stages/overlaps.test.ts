import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goFirst, overlaps, type TouchingTask } from '../../../../src/domain/stages/overlaps.ts';

const segment = fc.constantFrom('src', 'docs', 'a', 'B', 'index.ts', 'readme.md');
const path = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.constantFrom('', './', '/'))
  .map(([parts, folder, before]) => `${before}${parts.join('/')}${folder ? '/' : ''}`);
const paths = fc.array(path, { maxLength: 5 });

describe('what two tasks touch', () => {
  it('finds the same file under other spellings', () => {
    expect(overlaps(['./src/Index.ts', 'docs/a.md'], ['src/index.ts'])).toEqual(['./src/Index.ts']);
  });

  it('takes a folder for all that is below it, and nothing beside it', () => {
    expect(overlaps(['src/a/b.ts', 'src2/a.ts'], ['src/'])).toEqual(['src/a/b.ts']);
    expect(overlaps(['src/'], ['src/a/b.ts'])).toEqual(['src/']);
    expect(overlaps(['src'], ['src/a.ts'])).toEqual([]);
  });

  it('says for both whether they overlap, and never for nothing', () => {
    fc.assert(
      fc.property(paths, paths, (one, other) => {
        expect(overlaps(one, other).length > 0).toBe(overlaps(other, one).length > 0);
        expect(overlaps(one, [])).toEqual([]);
        expect(overlaps(one, one)).toEqual([...new Set(one)].sort());
      }),
    );
  });

  it('lets each of many tasks go in the end, and never two that touch the same file at once', () => {
    const tasks = fc
      .array(fc.record({ paths, begun: fc.boolean() }), { minLength: 1, maxLength: 8 })
      .map((all) => all.map((task, at): TouchingTask => ({ ...task, issue: at + 1 })));
    fc.assert(
      fc.property(tasks, (all) => {
        let waiting = all.filter(({ begun }) => !begun);
        let begun = all.filter((task) => task.begun);
        while (waiting.length > 0) {
          const going = waiting.filter((task) => goFirst(task, [...begun, ...waiting]).length === 0);
          for (const task of going) {
            for (const other of going) {
              if (task !== other) expect(overlaps(task.paths, other.paths)).toEqual([]);
            }
            for (const other of begun) expect(overlaps(task.paths, other.paths)).toEqual([]);
          }
          expect(begun.length + going.length).toBeGreaterThan(0);
          waiting = waiting.filter((task) => !going.includes(task));
          // All that works ends some time.
          begun = going.length === 0 ? [] : [...begun, ...going].map((task) => ({ ...task, begun: true }));
        }
      }),
    );
  });
});
