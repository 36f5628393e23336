import { describe, expect, it } from 'vitest';
import { renderTrackingComment, type TrackingComment } from '../../../src/domain/tracking-comment.ts';
import { readTrackingComment } from '../../../src/domain/tracking-state.ts';

const states: readonly TrackingComment['state'][] = [
  { kind: 'working', step: 'claimed', leaseExpiresAt: 0 },
  { kind: 'working', step: 'publish', leaseExpiresAt: 0, now: { subject: 'npm test' } },
  { kind: 'opened', pullRequest: 2, draft: true, files: 1, lines: { added: 1, removed: 1 } },
  { kind: 'updated', pullRequest: 2, draft: false, files: 1, lines: { added: 1, removed: 1 } },
  { kind: 'no_change', reason: '### 🤖 coder is working on this · fence 1' },
  { kind: 'needs_info', questions: ['Which one?'] },
  { kind: 'blocked', reason: 'x', next: 'y' },
  { kind: 'over_budget', reason: 'x', next: 'y' },
  { kind: 'stopped', by: 'bob' },
  { kind: 'failed', reason: 'x', next: 'y' },
  { kind: 'refused', reason: 'x' },
];

describe('what a tracking comment says of itself', () => {
  it.each(states.map((state) => [state.kind, state] as const))('is read back: %s', (kind, state) => {
    const body = renderTrackingComment({ role: 'coder', issue: 42, fence: 7, runId: '01JD', state });
    expect(readTrackingComment(body)).toEqual({ issue: 42, fence: 7, runId: '01JD', working: kind === 'working' });
  });

  it.each([
    ['a text', 'hello'],
    ['a marker that is not in the first line', 'hello\n<!-- entropy:issue=1 fence=1 run=a op=tracking -->'],
    [
      'another kind of marker',
      '<!-- entropy:issue=1 fence=1 run=a op=refusal-bob -->\n### 🤖 coder is working on this · fence 1',
    ],
  ])('is nothing for %s', (_name, body) => {
    expect(readTrackingComment(body)).toBeUndefined();
  });
});
