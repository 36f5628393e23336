import { describe, expect, test } from 'vitest';
import { cachedWebhookSecrets } from '../../../../src/runtime/aws/webhook-secrets.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';

function room(answers: readonly (readonly string[] | Error)[]) {
  const clock = simulatedClock();
  const left = [...answers];
  const stale: unknown[] = [];
  const secrets = cachedWebhookSecrets({
    read: async () => {
      const answer = left.shift();
      if (answer === undefined) throw new Error('read once too often');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    clock,
    onStale: (error) => stale.push(error),
  });
  return { clock, secrets, stale, left };
}

describe('the secrets of the webhook', () => {
  test('are read once, and again after five minutes', async () => {
    const { clock, secrets, left } = room([['a'], ['b', 'a']]);
    expect(await secrets.current()).toEqual(['a']);
    clock.advance(5 * 60_000 - 1);
    expect(await secrets.current()).toEqual(['a']);
    clock.advance(1);
    expect(await secrets.current()).toEqual(['b', 'a']);
    expect(left).toEqual([]);
  });

  test('are read again for a signature that does not fit, but not for each one', async () => {
    const { clock, secrets } = room([['a'], ['b', 'a'], ['c', 'b']]);
    await secrets.current();
    expect(await secrets.reread()).toBeUndefined();
    clock.advance(20_000);
    expect(await secrets.reread()).toEqual(['b', 'a']);
    expect(await secrets.reread()).toBeUndefined();
    expect(await secrets.current()).toEqual(['b', 'a']);
    clock.advance(20_000);
    expect(await secrets.reread()).toEqual(['c', 'b']);
  });

  test('go on counting while they cannot be read, and are asked for again', async () => {
    const { clock, secrets, stale } = room([['a'], new Error('throttled'), [], ['b']]);
    await secrets.current();
    for (const expected of ['a', 'a', 'b']) {
      clock.advance(5 * 60_000);
      expect(await secrets.current()).toEqual([expected]);
    }
    expect(stale).toHaveLength(2);
  });

  test('that were never there are a fault that passes', async () => {
    const { secrets } = room([[], ['a']]);
    await expect(secrets.current()).rejects.toMatchObject({ code: 'E746', retryable: true });
    expect(await secrets.current()).toEqual(['a']);
  });
});
