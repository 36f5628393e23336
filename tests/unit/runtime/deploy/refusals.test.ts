import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { deploy } from '../../../../src/runtime/deploy/deploy.ts';
import type { DeployWorld } from '../../../../src/runtime/deploy/deploy-world.ts';
import { localAppKey, readPrivateKeyText } from '../../../../src/runtime/deploy/private-key.ts';
import { readStatus } from '../../../../src/runtime/deploy/read-status.ts';
import { rollBack } from '../../../../src/runtime/deploy/rollback.ts';
import type { DeployOptions, StepContext } from '../../../../src/runtime/deploy/step.ts';
import { memoryDeployWorld } from '../../../fakes/memory-deploy-world.ts';

const pemOf = (bits: number): string =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

async function contextOf(world: DeployWorld, given: Partial<DeployOptions> = {}): Promise<StepContext> {
  return {
    world,
    options: {
      stack: 'entropy',
      owner: { kind: 'organization', login: 'octo' },
      githubServerUrl: 'https://github.com',
      settings: {},
      bootstrap: false,
      newAdminKey: false,
      ...given,
    },
    deployment: await world.files.load(),
    note: () => undefined,
    tellAdminKey: async () => undefined,
  };
}

async function deployAll(world: DeployWorld, given: Partial<DeployOptions> = {}): Promise<readonly string[]> {
  const steps: string[] = [];
  for await (const { step, state } of deploy(await contextOf(world, given), 'deploy')) steps.push(`${step} ${state}`);
  return steps;
}

test('an account without the bootstrap is told the exact command, and nothing is made', async () => {
  using room = memoryDeployWorld();
  room.set({ bootstrap: undefined });
  await expect(deployAll(room.world)).rejects.toMatchObject({
    code: 'E760',
    fix: expect.stringContaining('npx cdk bootstrap aws://123456789012/eu-central-1'),
  });
  expect(room.apps).toEqual([]);
  expect(room.cdkCalls).toEqual([]);
});

test('looking at a stack whose App has no key yet makes no App, and says that none is known', async () => {
  using room = memoryDeployWorld();
  writeFileSync(path.join(room.root, 'entropy.stack.json'), '{"githubAppId":123}');
  await room.world.cdk(['deploy']);
  expect(await readStatus(await contextOf(room.world))).toMatchObject({ status: 'CREATE_COMPLETE', app: null });
  expect(room.apps).toEqual([]);
});

test('an App that the settings name is not replaced by a new one because its key is not at hand', async () => {
  using room = memoryDeployWorld();
  writeFileSync(path.join(room.root, 'entropy.stack.json'), '{"githubAppId":123}');
  await expect(deployAll(room.world)).rejects.toMatchObject({
    code: 'E764',
    message: expect.stringContaining('App 123'),
  });
  expect(room.apps).toEqual([]);
});

test('an old bootstrap counts as none; with --bootstrap it is made new', async () => {
  using room = memoryDeployWorld();
  room.set({ bootstrap: 5 });
  await expect(deployAll(room.world)).rejects.toThrow('has bootstrap version 5');
  expect(await deployAll(room.world, { bootstrap: true })).toContain('bootstrap done');
  expect(room.cdkCalls[0]).toEqual(['bootstrap', 'aws://123456789012/eu-central-1']);
});

test('without a region, a clone or its tools nothing begins', async () => {
  using room = memoryDeployWorld();
  await expect(deployAll({ ...room.world, region: undefined })).rejects.toMatchObject({ code: 'E760' });
  const clone = { kind: 'none', reason: 'it is no clone', fix: 'git clone' } as const;
  await expect(deployAll({ ...room.world, clone })).rejects.toMatchObject({ code: 'E760', fix: 'git clone' });
  await expect(deployAll({ ...room.world, nodeVersion: '18.0.0' })).rejects.toThrow('Node 18.0.0 is too old');
});

test('credentials of another account do not go on with this deployment', async () => {
  using room = memoryDeployWorld();
  await deployAll(room.world);
  const stranger = {
    ...room.world,
    identity: async () => ({ account: '999999999999', arn: 'arn:aws:iam::9:user/eve' }),
  };
  await expect(deployAll(stranger)).rejects.toMatchObject({ code: 'E763' });
  await expect(deployAll({ ...room.world, region: 'us-east-1' })).rejects.toMatchObject({ code: 'E763' });
});

test('a CDK that fails is told, and the same command goes on behind what was done', async () => {
  using room = memoryDeployWorld();
  room.set({ cdkFails: 'deploy' });
  await expect(deployAll(room.world)).rejects.toMatchObject({ code: 'E762', message: 'cdk deploy ended with 1' });
  expect(await room.world.files.waitingKey()).toBeDefined();
  room.set({ cdkFails: '' });
  const again = await deployAll(room.world);
  expect(again.slice(3, 6)).toEqual(['app there', 'settings there', 'stack done']);
  expect(room.apps).toHaveLength(1);
  expect(await room.world.files.waitingKey()).toBeUndefined();
});

test('a stack that is being changed by somebody else is left alone', async () => {
  using room = memoryDeployWorld();
  const stacks = { ...room.world.stacks, find: async () => ({ status: 'UPDATE_IN_PROGRESS', outputs: {} }) };
  await expect(deployAll({ ...room.world, stacks })).rejects.toMatchObject({ code: 'E762', retryable: true });
});

test('a stack of another make is refused by what it does not tell', async () => {
  using room = memoryDeployWorld();
  room.set({ outputs: { AppKeyId: '' } });
  await expect(deployAll(room.world)).rejects.toThrow('tells nothing of AppKeyId');
});

test('a KMS key that holds the key of another App keeps it, and ours stays on the disk', async () => {
  using room = memoryDeployWorld();
  await room.world.keyImport.fill(room.keyId, readPrivateKeyText(pemOf(2_048), 'another'));
  await expect(deployAll(room.world)).rejects.toMatchObject({ code: 'E764' });
  expect(await room.world.files.waitingKey()).toBeDefined();
});

test('nobody is asked to make an App when nobody said whose it is', async () => {
  using room = memoryDeployWorld();
  const { owner: _owner, ...options } = (await contextOf(room.world)).options;
  const context = { ...(await contextOf(room.world)), options };
  const all = async () => {
    for await (const _step of deploy(context, 'deploy'));
  };
  await expect(all()).rejects.toMatchObject({ code: 'E760', fix: expect.stringContaining('--org LOGIN') });
});

test('settings that a person wrote stay as they are', async () => {
  using room = memoryDeployWorld();
  const file = path.join(room.root, 'entropy.stack.json');
  writeFileSync(file, JSON.stringify({ owners: ['octo', 'other'], alarmEmail: 'ops@example.com', concurrency: 3 }));
  await deployAll(room.world, { settings: { concurrency: 20 } });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    // The number that GitHub told is added; the other one is not known to it.
    owners: ['octo#9919', 'other'],
    alarmEmail: 'ops@example.com',
    concurrency: 20,
    stackName: 'entropy',
    githubAppId: 100,
  });
});

test('owners are pinned by their numbers: that of the App at once, others as soon as they installed it', async () => {
  using room = memoryDeployWorld();
  const file = path.join(room.root, 'entropy.stack.json');
  const ownersNow = () => JSON.parse(readFileSync(file, 'utf8')).owners;
  await deployAll(room.world);
  expect(ownersNow()).toEqual(['octo#9919']);
  room.installed.push({ login: 'Hexa', id: 77 }, { login: 'octo', id: 5 });
  // A pinned one is not pinned anew, whoever bears the name by now.
  await deployAll(room.world, { settings: { owners: 'octo#9919,hexa,acme' } });
  expect(ownersNow()).toEqual(['octo#9919', 'hexa#77', 'acme']);
});

test('a machine that did not make the deployment finds the App by its settings and its key in KMS', async () => {
  using room = memoryDeployWorld();
  await deployAll(room.world);
  const files = { ...room.world.files, load: async () => undefined };
  const elsewhere = { ...room.world, files, makeApp: async () => expect.unreachable('nobody is asked') };
  const steps = await deployAll(elsewhere);
  expect(steps).toContain('app done');
  expect(room.apps).toHaveLength(1);
});

test('a file that holds no fitting key is refused without a word of what it holds', () => {
  const words = '-----BEGIN PRIVATE KEY-----\nMIISECRET\n-----END PRIVATE KEY-----';
  const refusal = (text: string): unknown => {
    try {
      return readPrivateKeyText(text, 'app.pem');
    } catch (error) {
      return error;
    }
  };
  expect(refusal(words)).toMatchObject({
    code: 'E764',
    message: expect.stringContaining('app.pem holds no private key'),
  });
  expect(JSON.stringify(refusal(words))).not.toContain('MIISECRET');
  expect(refusal(pemOf(1_024))).toMatchObject({ code: 'E764', message: expect.stringContaining('1024 bits') });
  expect(localAppKey(readPrivateKeyText(pemOf(2_048), 'app.pem'))).toBeDefined();
});

test('a rollback deploys the release as it was kept, and makes no new template', async () => {
  using room = memoryDeployWorld();
  await deployAll(room.world);
  room.clock.advance(60_000);
  await deployAll(room.world);
  const releases = (await room.world.files.load())?.releases ?? [];
  expect(releases).toHaveLength(2);
  const before = room.cdkCalls.length;
  await rollBack(await contextOf(room.world), releases[0]?.id ?? '');
  const calls = room.cdkCalls.slice(before);
  expect(calls.map(([command]) => command)).toEqual(['deploy']);
  expect(calls[0]).toContain(room.world.files.releaseFolder(releases[0]?.id ?? ''));
  expect((await room.world.files.load())?.releases.at(-1)?.id).toBe(releases[0]?.id);
});

test('a rollback that would take away what finds or holds data is refused', async () => {
  using room = memoryDeployWorld();
  await deployAll(room.world);
  room.clock.advance(60_000);
  await deployAll(room.world);
  const [first] = (await room.world.files.load())?.releases ?? [];
  const index = { Type: 'AWS::DynamoDB::Table', Properties: { GlobalSecondaryIndexes: [{ IndexName: 'by-agent' }] } };
  const stacks = {
    ...room.world.stacks,
    template: async () => JSON.stringify({ Resources: { Table: index } }),
  };
  const context = await contextOf({ ...room.world, stacks });
  await expect(rollBack(context, first?.id ?? '')).rejects.toMatchObject({ code: 'E765' });
  await expect(rollBack(context, '9.9.9')).rejects.toThrow('no release 9.9.9 is kept here');
});
