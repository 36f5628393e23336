import { describe, expect, it } from 'vitest';
import { readEnd } from '../../../src/cli/coordination/told-end.ts';

describe('how work is told to have ended on the command line', () => {
  it('may be told with what it used, with and without how it ended', () => {
    expect(readEnd({})).toEqual({ told: {} });
    expect(readEnd({ costUsd: '0' })).toEqual({ told: { microUsd: 0 } });
    expect(readEnd({ outcome: 'failed', costUsd: '0.25', tokens: '900' })).toMatchObject({
      end: { outcome: 'failed' },
      told: { microUsd: 250_000, tokens: 900 },
    });
  });

  it('knows outcomes with a hyphen too, and gives the outcome as the reason when there is none', () => {
    expect(readEnd({ outcome: 'needs-info' }).end).toEqual({ outcome: 'needs_info', reason: 'needs info' });
  });

  it.each([
    { outcome: 'done' },
    { pullRequest: '7' },
    { tokens: 'many' },
    { outcome: 'failed', costUsd: '-1' },
    { outcome: 'failed', tokens: '1.5' },
    { outcome: 'failed', pullRequest: '0' },
  ])('refuses %j, and says how to write it', (flags) => {
    expect(() => readEnd(flags)).toThrow(expect.objectContaining({ code: 'E100', fix: expect.stringMatching(/./) }));
  });
});
