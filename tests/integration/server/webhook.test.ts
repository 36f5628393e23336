import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EntropyError } from '../../../src/domain/error.ts';
import type { GitHubDelivery } from '../../../src/server/app-options.ts';
import { coordinatorScene, type Scene } from '../../fakes/coordinator-scene.ts';

const path = '/v1/webhooks/github';
const secrets = ['the secret of now', 'the secret before'];

function scene(deliver: (delivery: GitHubDelivery) => Promise<'mirrored' | 'ignored'> = async () => 'mirrored'): Scene {
  return coordinatorScene({ github: { webhookSecrets: secrets, deliver } });
}

function signed(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function deliveryOf(body: string, more: Readonly<Record<string, string>> = {}) {
  const headers = {
    'x-github-event': 'issues',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': signed(body, 'the secret of now'),
    ...more,
  };
  return { body, headers };
}

describe('a delivery of GitHub', () => {
  test('is believed by its signature, under the secret of now and the one before', async () => {
    await using it = scene();
    const body = '{"action":"opened"}';
    expect(await it.ask('POST', path, deliveryOf(body))).toMatchObject({ status: 200, body: { kind: 'mirrored' } });
    const old = { 'x-hub-signature-256': signed(body, 'the secret before'), 'x-github-delivery': 'another' };
    expect((await it.ask('POST', path, deliveryOf(body, old))).status).toBe(200);
  });

  test.each([
    ['no signature', ''],
    ['a signature by another secret', signed('{"action":"opened"}', 'a guess')],
    ['a signature of another body', signed('{}', 'the secret of now')],
    ['an old kind of signature', 'sha1=0000'],
  ])('with %s is refused before it is read', async (_what, signature) => {
    const seen: GitHubDelivery[] = [];
    await using it = scene(async (delivery) => {
      seen.push(delivery);
      return 'mirrored';
    });
    const headers = { 'x-hub-signature-256': signature };
    const answer = await it.ask('POST', path, deliveryOf('{"action":"opened"}', headers));
    expect(answer).toMatchObject({ status: 401, body: { code: 'E721' } });
    expect(seen).toEqual([]);
    expect(JSON.stringify(it.log)).not.toContain('sha256=');
  });

  test('is dealt with once, however often GitHub sends it', async () => {
    let dealt = 0;
    await using it = scene(async () => {
      dealt += 1;
      return 'mirrored';
    });
    const delivery = deliveryOf('{"action":"opened"}');
    const answers = await Promise.all(Array.from({ length: 5 }, () => it.ask('POST', path, delivery)));
    expect(dealt).toBe(1);
    for (const { status } of answers) expect([200, 503]).toContain(status);
    expect(await it.ask('POST', path, delivery)).toMatchObject({ status: 200, body: { kind: 'duplicate' } });
    expect(dealt).toBe(1);
  });

  test('is no other one by another name: neither its id nor its event is signed', async () => {
    const seen: string[] = [];
    await using it = scene(async ({ event }) => {
      seen.push(event);
      return 'mirrored';
    });
    const body = '{"action":"deleted"}';
    expect((await it.ask('POST', path, deliveryOf(body))).body).toEqual({ kind: 'mirrored' });
    for (const more of [{ 'x-github-delivery': 'replayed' }, { 'x-github-delivery': 'r', 'x-github-event': 'push' }]) {
      expect((await it.ask('POST', path, deliveryOf(body, more))).body).toEqual({ kind: 'duplicate' });
    }
    expect(seen).toEqual(['issues']);
  });

  test('that failed is dealt with when GitHub sends it again', async () => {
    let round = 0;
    await using it = scene(async () => {
      round += 1;
      if (round === 1) throw new Error('the disk is full');
      return 'mirrored';
    });
    const delivery = deliveryOf('{"action":"opened"}');
    expect((await it.ask('POST', path, delivery)).status).toBe(500);
    expect(await it.ask('POST', path, delivery)).toMatchObject({ status: 200, body: { kind: 'mirrored' } });
  });

  test.each([
    ['{"a":', 400],
    ['['.repeat(50), 400],
    ['{"a":1,"a":2}', 400],
  ])('whose body is %s is refused although it is signed', async (body, status) => {
    await using it = scene();
    expect((await it.ask('POST', path, deliveryOf(body))).status).toBe(status);
  });

  test('that is not what its event promises is the sender’s mistake, not a fault', async () => {
    await using it = scene(async () => {
      throw new EntropyError({ code: 'E103', message: 'no issue in it', fix: 'report it' });
    });
    expect((await it.ask('POST', path, deliveryOf('{}'))).status).toBe(400);
  });

  test('is refused where no secret is set', async () => {
    await using it = coordinatorScene();
    expect((await it.ask('POST', path, deliveryOf('{}'))).status).toBe(401);
  });

  test('costs its address nothing, but a wrong signature does', async () => {
    await using it = coordinatorScene({
      github: { webhookSecrets: secrets, deliver: async () => 'ignored' },
      limits: { addressRate: { burst: 2, perSecond: 1 } },
    });
    for (let round = 0; round < 5; round += 1) {
      const delivery = deliveryOf('{}', { 'x-github-delivery': `delivery-${round}` });
      expect((await it.ask('POST', path, delivery)).status).toBe(200);
    }
    const bad = deliveryOf('{}', { 'x-hub-signature-256': 'sha256=0' });
    expect((await it.ask('POST', path, bad)).status).toBe(401);
    expect((await it.ask('POST', path, bad)).status).toBe(401);
    expect((await it.ask('POST', path, bad)).status).toBe(429);
  });
});
