import { expect, test } from 'vitest';
import { deploy } from '../../../../src/runtime/deploy/deploy.ts';
import type { DeployWorld } from '../../../../src/runtime/deploy/deploy-world.ts';
import { rotateWebhookSecret } from '../../../../src/runtime/deploy/rotate-webhook-secret.ts';
import type { StepContext } from '../../../../src/runtime/deploy/step.ts';
import { Killed, killPoints } from '../../../fakes/kill-points.ts';
import { type MemoryDeployWorld, memoryDeployWorld } from '../../../fakes/memory-deploy-world.ts';
import { watched } from '../../../fakes/watched-deploy-world.ts';

const told: string[] = [];

async function contextOf(world: DeployWorld): Promise<StepContext> {
  return {
    world,
    options: {
      stack: 'entropy',
      owner: { kind: 'organization', login: 'octo' },
      githubServerUrl: 'https://github.com',
      settings: { concurrency: 20 },
      bootstrap: true,
      newAdminKey: false,
    },
    deployment: await world.files.load(),
    note: () => undefined,
    tellAdminKey: async (key) => void told.push(key),
  };
}

async function deployAll(world: DeployWorld): Promise<void> {
  for await (const _step of deploy(await contextOf(world), 'deploy'));
}

async function endState({ world, keyId, secretId, hook }: MemoryDeployWorld) {
  const deployment = await world.files.load();
  if (deployment === undefined) throw new Error('nothing was written down');
  const { releases, app, ...rest } = deployment;
  const secret = await world.secrets.current(secretId);
  return {
    ...rest,
    app: { ...app, id: 'any' },
    releases: releases.map(({ id: _id, deployedAt, ...release }) => ({
      ...release,
      deployed: deployedAt !== undefined,
    })),
    kept: (await world.files.keptReleases()).length,
    settings: { ...(await world.files.readSettings()), githubAppId: 'any' },
    key: (await world.keyImport.state(keyId)).kind,
    waiting: await world.files.waitingKey(),
    hook: { ...hook(), secret: hook().secret === secret ? 'that of Secrets Manager' : 'another' },
    admins: (await world.apiKeys('').list()).length,
  };
}

test('a deployment that is interrupted anywhere, and done again, ends as one that was not', {
  timeout: 60_000,
}, async () => {
  using whole = memoryDeployWorld();
  whole.set({ bootstrap: undefined });
  await deployAll(whole.world);
  const wanted = await endState(whole);
  expect(wanted).toMatchObject({ key: 'filled', waiting: undefined, admins: 1, kept: 1 });

  const twice: number[] = [];
  let at = 1;
  for (; ; at += 1) {
    using cut = memoryDeployWorld();
    cut.set({ bootstrap: undefined });
    const ended = await deployAll(watched(cut.world, killPoints(at))).catch((error: unknown) => error);
    if (ended === undefined) break;
    expect(ended).toBeInstanceOf(Killed);
    await deployAll(cut.world);
    expect(await endState(cut), `interrupted at point ${at}`).toEqual(wanted);
    if (cut.apps.length > 1) twice.push(at);
  }
  expect(at).toBeGreaterThan(40);
  // After GitHub made the App, and before the key that GitHub gives once was on the disk.
  expect(twice).toHaveLength(2);
});

test('a rotation that is interrupted anywhere is ended, and never loses what GitHub signs with', {
  timeout: 60_000,
}, async () => {
  let at = 1;
  for (; ; at += 1) {
    using room = memoryDeployWorld();
    await deployAll(room.world);
    const first = await room.world.secrets.current(room.secretId);
    const cut = await contextOf(watched(room.world, killPoints(at)));
    const ended = await rotateWebhookSecret(cut, 'counts-on').catch((error: unknown) => error);
    // What GitHub signs with at this moment is one of the two that count.
    const counting = [await room.world.secrets.current(''), await room.world.secrets.previous('')];
    expect(counting, `interrupted at point ${at}`).toContain(room.hook().secret);
    if (!(ended instanceof Killed)) break;
    const signed = room.hook().secret;
    await rotateWebhookSecret(await contextOf(room.world), 'counts-on');
    const [now, old] = [await room.world.secrets.current(''), await room.world.secrets.previous('')];
    expect(room.hook().secret).toBe(now);
    expect([first, signed], `the one before, after point ${at}`).toContain(old);
    expect((await room.world.files.load())?.rotation).toBeUndefined();
  }
  expect(at).toBeGreaterThan(8);
});
