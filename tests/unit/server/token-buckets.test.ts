import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenBuckets } from '../../../src/server/token-buckets.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

describe('a token bucket', () => {
  test('never lets through more than its burst and what flowed in since', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }),
        (burst, perSecond, pauses) => {
          const clock = simulatedClock();
          const buckets = createTokenBuckets(clock, { burst, perSecond });
          let [taken, elapsed] = [0, 0];
          for (const pause of pauses) {
            clock.advance(pause);
            elapsed += pause;
            if (buckets.take('caller').kind === 'taken') taken += 1;
            expect(taken).toBeLessThanOrEqual(burst + (elapsed / 1_000) * perSecond + 1e-6);
          }
        },
      ),
    );
  });

  test('says when the next one counts, and it does then', () => {
    const clock = simulatedClock();
    const buckets = createTokenBuckets(clock, { burst: 1, perSecond: 4 });
    expect(buckets.take('a').kind).toBe('taken');
    const empty = buckets.take('a');
    expect(empty).toEqual({ kind: 'empty', retryAfterMs: 250 });
    clock.advance(250);
    expect(buckets.peek('a').kind).toBe('taken');
    expect(buckets.take('a').kind).toBe('taken');
    expect(buckets.take('a').kind).toBe('empty');
  });

  test('forgets those that were not used for longest, so that many names take no more room', () => {
    const clock = simulatedClock();
    const buckets = createTokenBuckets(clock, { burst: 1, perSecond: 0.001 }, 3);
    for (const name of ['a', 'b', 'c']) buckets.take(name);
    buckets.take('a');
    buckets.take('d');
    expect(buckets.peek('a').kind).toBe('empty');
    expect(buckets.peek('b').kind).toBe('taken');
  });
});
