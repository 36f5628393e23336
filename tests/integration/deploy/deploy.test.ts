import { createPublicKey } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSecretVersions } from '../../../src/adapters/aws/secret-versions.ts';
import { createSignedCall, secretsService } from '../../../src/adapters/aws/signed-call.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { personAwsAccess } from '../../../src/runtime/aws/aws-access.ts';
import { deploy } from '../../../src/runtime/deploy/deploy.ts';
import type { DeployWorld } from '../../../src/runtime/deploy/deploy-world.ts';
import { openDeployWorld } from '../../../src/runtime/deploy/open-deploy-world.ts';
import { rollBack } from '../../../src/runtime/deploy/rollback.ts';
import { rotateWebhookSecret } from '../../../src/runtime/deploy/rotate-webhook-secret.ts';
import { selfTest } from '../../../src/runtime/deploy/self-test.ts';
import type { DeployOptions, StepContext } from '../../../src/runtime/deploy/step.ts';
import { awsMissing } from '../../fakes/aws-stand-in.ts';
import { runCommand, runCommandText } from '../../fakes/command-line.ts';
import {
  agreeInBrowser,
  type DeployClone,
  type DeployWorldStandIns,
  deployStandIns,
} from '../../fakes/deploy-scene.ts';

const missing = awsMissing();
if (missing !== undefined && process.env['CI'] !== undefined) throw new Error(missing);

describe.skipIf(missing !== undefined)('entropy-playground deploy', () => {
  let around: DeployWorldStandIns;
  let before: Readonly<Record<string, string | undefined>>;

  beforeAll(async () => {
    around = await deployStandIns();
    before = Object.fromEntries(Object.keys(around.variables).map((name) => [name, process.env[name]]));
    Object.assign(process.env, around.variables);
    await around.bootstrap(27);
  }, 60_000);

  afterAll(async () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await around[Symbol.asyncDispose]();
  });

  const open = (clone: DeployClone, given: { signal?: AbortSignal; onPage?: (url: string) => void } = {}) =>
    openDeployWorld({
      cwd: clone.root,
      root: clone.root,
      stack: clone.stack,
      githubApiUrl: around.github.apiUrl,
      githubServerUrl: around.github.url,
      hostPath: process.env['PATH'] ?? '',
      port: 0,
      onPage: given.onPage ?? ((url) => void agreeInBrowser(url)),
      onText: () => undefined,
      log: () => undefined,
      signal: given.signal ?? new AbortController().signal,
    });

  const contextOf = async (world: DeployWorld, clone: DeployClone, keys: string[] = []): Promise<StepContext> => ({
    world,
    options: optionsFor(clone, around),
    deployment: await world.files.load(),
    note: () => undefined,
    tellAdminKey: async (key) => void keys.push(key),
  });

  const deployAll = async (world: DeployWorld, clone: DeployClone, keys: string[] = []) => {
    const steps = [];
    for await (const step of deploy(await contextOf(world, clone, keys), 'deploy')) steps.push(step);
    return steps;
  };

  test('brings a bare account to a deployment that GitHub speaks with', async () => {
    using clone = around.clone('first');
    using world = await open(clone);
    const keys: string[] = [];
    const steps = await deployAll(world, clone, keys);

    expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
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
    expect(keys).toEqual([expect.stringMatching(/^entropy_[0-9a-f]{16}_[0-9a-f]{64}$/)]);
    const { app } = (await world.files.load()) ?? {};
    expect(app?.owner).toBe('octo');
    const settings = JSON.parse(readFileSync(path.join(clone.root, 'entropy.stack.json'), 'utf8'));
    expect(settings).toEqual({
      stackName: 'first',
      githubServerUrl: around.github.url,
      githubAppId: app?.id,
      owners: ['octo'],
    });
    const checks = [];
    for await (const check of selfTest(await contextOf(world, clone))) checks.push(check);
    expect(checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'health ok',
      'ready ok',
      'sign ok',
      'hook ok',
      'ping ok',
      'forged ok',
      'installed warn',
      'queue ok',
    ]);
  });
});

function optionsFor(clone: DeployClone, around: DeployWorldStandIns): DeployOptions {
  return {
    stack: clone.stack,
    owner: { kind: 'organization', login: 'octo' },
    appName: `entropy-${clone.stack}`,
    githubServerUrl: around.github.url,
    settings: {},
    bootstrap: false,
    newAdminKey: false,
  };
}
