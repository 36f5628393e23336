import { expect, test } from 'vitest';
import { probeKey } from '../../../../src/adapters/broker/probe-key.ts';
import { startFakeAnthropic } from '../../../fakes/fake-anthropic.ts';

const { signal } = new AbortController();

test('the key is asked about with one cheap request, behind a path prefix too', async () => {
  await using host = await startFakeAnthropic([], { key: 'right', pathPrefix: '/team' });
  expect(await probeKey({ targetBaseUrl: host.url, key: ' right\n' }, signal)).toEqual({ kind: 'accepted' });
  expect(host.requests).toMatchObject([{ method: 'GET', url: '/team/v1/models?limit=1' }]);
});

test('a wrong, missing or impossible key is told apart, without showing it', async () => {
  await using host = await startFakeAnthropic([], { key: 'right' });
  const probe = (key: string | undefined) => probeKey({ targetBaseUrl: host.url, key }, signal);
  expect(await probe('wrong')).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('401') });
  expect(await probe(undefined)).toMatchObject({ kind: 'missing' });
  expect(await probe('')).toMatchObject({ kind: 'missing' });
  expect(await probe('two words')).toMatchObject({
    kind: 'rejected',
    reason: expect.not.stringContaining('two words'),
  });
});

test('a host without that address says nothing about the key; none at all is unreachable', async () => {
  await using host = await startFakeAnthropic([], { key: 'right' });
  expect(await probeKey({ targetBaseUrl: `${host.url}/elsewhere`, key: 'right' }, signal)).toMatchObject({
    kind: 'unclear',
  });
  expect(await probeKey({ targetBaseUrl: 'http://127.0.0.1:9', key: 'right' }, signal)).toMatchObject({
    kind: 'unreachable',
    reason: expect.stringContaining('127.0.0.1:9'),
  });
});

test('an abort ends the probe with its reason', async () => {
  const reason = new Error('stop');
  await expect(probeKey({ targetBaseUrl: 'http://127.0.0.1:9', key: 'x' }, AbortSignal.abort(reason))).rejects.toBe(
    reason,
  );
});
