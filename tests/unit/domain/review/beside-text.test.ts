import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { besideBlocks } from '../../../../src/domain/review/beside-text.ts';
import { knownFindings } from '../../../../src/domain/review/known-findings.ts';
import type { PlacedFinding } from '../../../../src/domain/review/placed-finding.ts';

const options = { run: { issue: 2, fence: 3, run: '01JD0000000000000000000001' }, round: 1, outgoing: { issue: 2 } };

function finding(index: number, body: number): PlacedFinding {
  const told = { path: `src/file${index}.ts`, line: index + 1, severity: 'minor', category: 'naming' } as const;
  return {
    finding: { ...told, title: `Title ${index}`, body: 'x'.repeat(body) },
    fingerprint: index.toString(16).padStart(16, '0'),
    place: { kind: 'beside', path: told.path, why: 'the diff does not show this line' },
    alsoAt: [],
  };
}

describe('findings without a line in the diff', () => {
  it('are all known again, however little room there is, and never take more of it', () => {
    const bodies = fc.array(fc.integer({ min: 0, max: 6_000 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(bodies, fc.integer({ min: 20_000, max: 60_000 }), (lengths, room) => {
        const beside = lengths.map((length, index) => finding(index, length));
        const body = besideBlocks(beside, options, room).join('\n\n');
        expect(body.length).toBeLessThanOrEqual(room);
        const review = { id: 1, author: 'us', body, submittedAt: '2026-11-01T10:00:00Z' } as const;
        const state = { reviews: [review], comments: [], threads: [] } as unknown as Parameters<
          typeof knownFindings
        >[0];
        const known = knownFindings(state, { isOwn: () => true, issue: 2 });
        expect(new Set(known.map(({ fingerprint }) => fingerprint))).toEqual(
          new Set(beside.map(({ fingerprint }) => fingerprint)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('say what and where when there is no room for why', () => {
    const body = besideBlocks([finding(0, 100), finding(1, 6_000)], options, 1_400).join('\n\n');
    expect(body).toContain('And, shortened:');
    expect(body).toContain('Title 1\n\nAt `src/file1.ts:2`');
    expect(body).not.toContain('xxxx'.repeat(100));
  });
});
