import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type IssueMetadata,
  metadataStrategies,
  settleMetadata,
  settleSet,
  settleValue,
} from '../../../../src/domain/conflicts/metadata.ts';
import { mirroredPriority } from '../../../../src/domain/coordination/task-priority.ts';

const name = fc.constantFrom('bug', 'Bug', 'docs', 'size: s', 'P0', 'area/parser');
const names = fc.uniqueArray(name, { selector: (label) => label.toLowerCase(), maxLength: 5 });
const metadata: fc.Arbitrary<IssueMetadata> = fc.record({
  title: fc.constantFrom('a', 'b', 'c'),
  state: fc.constantFrom('open' as const, 'closed' as const),
  labels: names,
  assignees: names,
  milestone: fc.constantFrom(undefined, 'v1', 'v2'),
});
const bare = (labels: readonly string[]): readonly string[] => labels.map((label) => label.toLowerCase()).sort();

describe('settleSet', () => {
  test('does not give back what somebody took away, and keeps what somebody added', () => {
    expect(settleSet({ base: ['bug', 'docs'], ours: ['bug', 'docs', 'P0'], theirs: ['docs', 'mine'] })).toEqual([
      'docs',
      'P0',
      'mine',
    ]);
  });

  test('changes nothing where only one side changed anything, and nothing is anybody’s twice', () => {
    fc.assert(
      fc.property(names, names, names, (base, ours, theirs) => {
        expect(bare(settleSet({ base, ours: base, theirs }))).toEqual(bare(theirs));
        expect(bare(settleSet({ base, ours, theirs: base }))).toEqual(bare(ours));
        const settled = bare(settleSet({ base, ours, theirs }));
        expect(new Set(settled).size).toBe(settled.length);
      }),
    );
  });

  test('has each label exactly when the side that changed it wants it', () => {
    fc.assert(
      fc.property(names, names, names, (base, ours, theirs) => {
        const [b, o, t] = [base, ours, theirs].map((labels) => new Set(bare(labels)));
        const settled = new Set(bare(settleSet({ base, ours, theirs })));
        for (const label of new Set(bare([...base, ...ours, ...theirs]))) {
          const wanted = b?.has(label) ? o?.has(label) && t?.has(label) : o?.has(label) || t?.has(label);
          expect(settled.has(label)).toBe(wanted);
        }
      }),
    );
  });

  test('is the same when the sides are swapped, spelling aside', () => {
    fc.assert(
      fc.property(names, names, names, (base, ours, theirs) => {
        const one = settleSet({ base, ours, theirs });
        const other = settleSet({ base, ours: theirs, theirs: ours });
        expect(bare(one)).toEqual(bare(other));
      }),
    );
  });
});

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

describe('settleMetadata', () => {
  test('takes the later word as a whole when that is the strategy', () => {
    fc.assert(
      fc.property(
        metadata,
        metadata,
        metadata,
        fc.constantFrom('ours' as const, 'theirs' as const),
        (base, ours, theirs, newest) => {
          const settled = settleMetadata({ base, ours, theirs, strategy: 'newest', newest });
          expect(settled).toEqual({ metadata: newest === 'ours' ? ours : theirs, conflicts: [], ask: false });
        },
      ),
    );
  });

  test('asks only for what both changed, and only when it is to ask', () => {
    fc.assert(
      fc.property(
        metadata,
        metadata,
        metadata,
        fc.constantFrom(...metadataStrategies),
        (base, ours, theirs, strategy) => {
          const {
            conflicts,
            ask,
            metadata: merged,
          } = settleMetadata({ base, ours, theirs, strategy, newest: 'theirs' });
          expect(ask).toBe(strategy === 'ask' && conflicts.length > 0);
          for (const { field } of conflicts) {
            expect(new Set([base[field], ours[field], theirs[field]]).size).toBe(3);
            expect(merged[field]).toBe(theirs[field]);
          }
        },
      ),
    );
  });

  test('never loses a change that only one side made', () => {
    fc.assert(
      fc.property(metadata, metadata, (base, ours) => {
        for (const strategy of ['three-way', 'ask'] as const) {
          const settled = settleMetadata({ base, ours, theirs: base, strategy, newest: 'theirs' });
          expect(settled.conflicts).toEqual([]);
          expect({
            ...settled.metadata,
            labels: bare(settled.metadata.labels),
            assignees: bare(settled.metadata.assignees),
          }).toEqual({
            ...ours,
            labels: bare(ours.labels),
            assignees: bare(ours.assignees),
          });
        }
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
