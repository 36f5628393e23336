import { describe, expect, it } from 'vitest';
import { endOfClaim, readEnd } from '../../../src/cli/coordination/told-end.ts';
import type { ClaimRecord } from '../../../src/domain/claim.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';

const reserved = { ...nothing, microUsd: 2_000_000, tokens: 4_000_000, turns: 60, minutes: 30 };

function claim(kind: 'agent' | 'human'): ClaimRecord {
  return {
    schema: 1,
    key: 'github/octo/slug/issues/1',
    state: 'held',
    holder: { owner: 'coder/1', runId: '1', kind, reason: 'test' },
    leaseId: 'lease',
    fence: 1,
    acquiredAt: 0,
    expiresAt: 60_000,
    ttlMs: 60_000,
    reservation: { keys: ['issue/octo/slug/1'], amounts: reserved },
  };
}

describe('how work is told to have ended on the command line', () => {
  const ended = (flags: Parameters<typeof readEnd>[0], kind: 'agent' | 'human' = 'agent') => {
    const end = readEnd(flags);
    return end && endOfClaim(claim(kind), end);
  };

  it('books all that an agent reserved when it tells no figure, so that no budget lasts for ever', () => {
    expect(ended({ outcome: 'succeeded' })?.spent).toEqual(reserved);
  });

  it('books what is told and, for the rest, what was reserved', () => {
    expect(ended({ outcome: 'failed', costUsd: '0.25' })?.spent).toEqual({ ...reserved, microUsd: 250_000 });
    const both = ended({ outcome: 'failed', costUsd: '0', tokens: '900' });
    expect(both?.spent).toEqual({ ...reserved, microUsd: 0, tokens: 900 });
  });

  it('books nothing for a person who tells nothing', () => {
    expect(ended({ outcome: 'succeeded' }, 'human')?.spent).toEqual(nothing);
  });

  it('knows outcomes with a hyphen too, and gives the outcome as the reason when there is none', () => {
    expect(ended({ outcome: 'needs-info' })).toMatchObject({ outcome: 'needs_info', reason: 'needs info' });
    expect(readEnd({})).toBeUndefined();
  });

  it.each([
    { outcome: 'done' },
    { costUsd: '1' },
    { tokens: '1' },
    { outcome: 'failed', costUsd: '-1' },
    { outcome: 'failed', tokens: '1.5' },
    { outcome: 'failed', pullRequest: '0' },
  ])('refuses %j, and says how to write it', (flags) => {
    expect(() => readEnd(flags)).toThrow(expect.objectContaining({ code: 'E100', fix: expect.stringMatching(/./) }));
  });
});
