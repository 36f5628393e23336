import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastWord, settleValue } from '../../../../src/domain/conflicts/metadata.ts';
import { mirroredPriority } from '../../../../src/domain/coordination/task-priority.ts';

const word = fc.constantFrom('a', 'b', 'c');
const words = fc.record({ base: word, ours: word, theirs: word, atStart: word });

describe('settleValue', () => {
  test('counts the only change, and the same change of both', () => {
    expect(settleValue({ base: 'a', ours: 'b', theirs: 'a' })).toEqual({ kind: 'settled', value: 'b' });
    expect(settleValue({ base: 'a', ours: 'a', theirs: 'b' })).toEqual({ kind: 'settled', value: 'b' });
    expect(settleValue({ base: 'a', ours: 'b', theirs: 'b' })).toEqual({ kind: 'settled', value: 'b' });
  });

  test('leaves what both changed as the other has it, and says so', () => {
    const settled = settleValue({ base: 'a', ours: 'b', theirs: 'c' });
    expect(settled).toEqual({ kind: 'conflict', value: 'c', ours: 'b', theirs: 'c' });
  });
});

describe('the last word on a field', () => {
  test('is nobody’s of ours when a person is to be asked', () => {
    fc.assert(
      fc.property(words, (each) => {
        expect(lastWord('ask', each)).toBe(each.ours === each.theirs ? 'theirs' : 'ask');
      }),
    );
  });

  test('is ours by three-way merge only where the other side has changed nothing', () => {
    fc.assert(
      fc.property(words, (each) => {
        const { base, ours, theirs } = each;
        expect(lastWord('three-way', each)).toBe(ours !== theirs && theirs === base ? 'ours' : 'theirs');
      }),
    );
  });

  test('is ours as the newest unless somebody wrote since our work began', () => {
    fc.assert(
      fc.property(words, (each) => {
        const { ours, theirs, atStart } = each;
        expect(lastWord('newest', each)).toBe(ours !== theirs && theirs === atStart ? 'ours' : 'theirs');
      }),
    );
  });
});

describe('the priority of a task', () => {
  test('stays what somebody set by hand while the labels say what they said', () => {
    expect(mirroredPriority(['P1'], { labels: ['P1'], priority: 3 })).toBe(3);
    expect(mirroredPriority(['P1', 'bug'], { labels: ['P1'], priority: 3 })).toBe(3);
  });

  test('follows a label that comes, changes or goes', () => {
    expect(mirroredPriority(['P0'], { labels: ['P1'], priority: 3 })).toBe(0);
    expect(mirroredPriority(['P0'], { labels: [], priority: 4 })).toBe(0);
    expect(mirroredPriority([], { labels: ['P1'], priority: 1 })).toBe(2);
  });
});
