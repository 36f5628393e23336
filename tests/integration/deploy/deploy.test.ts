import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deploy } from '../../../src/runtime/deploy/deploy.ts';
import type { DeployWorld } from '../../../src/runtime/deploy/deploy-world.ts';
import { selfTest } from '../../../src/runtime/deploy/self-test.ts';
import { awsMissing } from '../../fakes/aws-stand-in.ts';
import { type DeployRoom, deployRoom } from '../../fakes/deploy-room.ts';
import type { DeployClone } from '../../fakes/deploy-scene.ts';
import { Killed, killPoints } from '../../fakes/kill-points.ts';
import { watched } from '../../fakes/watched-deploy-world.ts';

const missing = awsMissing();
if (missing !== undefined && process.env['CI'] !== undefined) throw new Error(missing);

describe.skipIf(missing !== undefined)('a deployment', () => {
  let room: DeployRoom;
  beforeAll(async () => {
    room = await deployRoom();
    await room.around.bootstrap(27);
  }, 60_000);
  afterAll(() => room[Symbol.asyncDispose]());

  test('goes from a bare account to a stack that GitHub speaks with, and keeps no secret here', async () => {
    using clone = room.around.clone('first');
    using world = await room.world(clone);
    const told = room.keys.length;
    expect(await room.deployAll(await room.context(world, clone))).toEqual([
      'machine there',
      'account there',
      'bootstrap there',
      'app done',
      'settings done',
      'stack done',
      'webhook-secret done',
      'app-key done',
      'register done',
      'admin-key done',
    ]);
    expect(room.keys.slice(told)).toEqual([expect.stringMatching(/^entropy_[0-9a-f]{16}_[0-9a-f]{64}$/)]);
    const { app } = (await world.files.load()) ?? {};
    expect(JSON.parse(readFileSync(path.join(clone.root, 'entropy.stack.json'), 'utf8'))).toEqual({
      stackName: 'first',
      githubServerUrl: room.around.github.url,
      githubAppId: app?.id,
      owners: [`octo#${app?.ownerId}`],
    });
    const checks = [];
    for await (const { id, status } of selfTest(await room.context(world, clone))) checks.push(`${id} ${status}`);
    expect(checks).toEqual([
      'health ok',
      'ready ok',
      'sign ok',
      'hook ok',
      'ping ok',
      'forged ok',
      'installed warn',
      'queue ok',
    ]);

    const written = textsIn(clone.root);
    const secret = await world.secrets.current('first-webhook');
    for (const word of [secret ?? '?', ...room.keys, 'PRIVATE KEY']) expect(written).not.toContain(word);
    expect(statSync(path.join(clone.root, '.entropy/deploy/first')).mode & 0o777).toBe(0o700);
  });

  test('done again changes nothing but the release, and makes no second App, secret or key', async () => {
    using clone = room.around.clone('twice');
    using world = await room.world(clone);
    await room.deployAll(await room.context(world, clone));
    const before = await reality(world, clone);
    const told = room.keys.length;
    const again = await room.deployAll(await room.context(world, clone));
    expect(again.filter((step) => step.endsWith('done'))).toEqual(['stack done', 'register done']);
    expect(await reality(world, clone)).toEqual(before);
    expect(room.keys).toHaveLength(told);
  });

  test('a dry run tells every step and changes nothing', async () => {
    using clone = room.around.clone('dry');
    using world = await room.world(clone, { onPage: () => expect.unreachable('nobody is asked') });
    const steps: string[] = [];
    for await (const { step, state } of deploy(await room.context(world, clone), 'dry-run'))
      steps.push(`${step} ${state}`);
    expect(steps).toEqual([
      'machine there',
      'account there',
      'bootstrap there',
      'app planned',
      'settings planned',
      'stack planned',
      'webhook-secret planned',
      'app-key planned',
      'register planned',
      'admin-key planned',
    ]);
    expect(clone.cdkCalls()).toEqual([]);
    expect(readdirSync(clone.root).sort()).toEqual(['cdk.json', 'node_modules', 'template.json']);
  });

  test.for([15, 33])('interrupted at point %i it is ended by the same command', async (at) => {
    using clone = room.around.clone(`cut-${at}`);
    using world = await room.world(clone);
    const cut = watched(world, killPoints(at));
    await expect(room.deployAll(await room.context(cut, clone))).rejects.toThrow(Killed);
    await room.deployAll(await room.context(world, clone));
    const { app, hook, key, secret, keys, waiting } = await reality(world, clone);
    expect({
      owner: app?.owner,
      hook: hook?.contentType,
      key,
      secret: secret?.length,
      keys: keys.length,
      waiting,
    }).toEqual({
      owner: 'octo',
      hook: 'json',
      key: 'filled',
      secret: 64,
      keys: 1,
      waiting: undefined,
    });
  });
});

async function reality(world: DeployWorld, { stack, keyId }: DeployClone) {
  const { app } = (await world.files.load()) ?? {};
  const key = await world.keyImport.state(keyId);
  const hook = app && (await world.asApp(app, world.appKey(keyId)).hook());
  return {
    app,
    hook,
    key: key.kind,
    status: (await world.stacks.find(stack))?.status.endsWith('_COMPLETE'),
    secret: await world.secrets.current(`${stack}-webhook`),
    keys: await world.apiKeys(`${stack}-table`).list(),
    waiting: await world.files.waitingKey(),
  };
}

function textsIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8')).join('\n');
}
