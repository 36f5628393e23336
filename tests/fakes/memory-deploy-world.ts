import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createAppKeyImport } from '../../src/adapters/aws/import-app-key.ts';
import { createKmsAppKey } from '../../src/adapters/aws/kms-app-key.ts';
import type { AppAccount, AppHook, AppInfo } from '../../src/adapters/github/app-settings.ts';
import { createApiKeyStore } from '../../src/adapters/sqlite/api-keys.ts';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { EntropyError } from '../../src/domain/error.ts';
import { appEvents, appPermissions } from '../../src/domain/github-app.ts';
import { stackOutputs } from '../../src/runtime/aws/stack-outputs.ts';
import type { DeployWorld } from '../../src/runtime/deploy/deploy-world.ts';
import { openDeploymentFiles } from '../../src/runtime/deploy/deployment-files.ts';
import { readPrivateKeyText } from '../../src/runtime/deploy/private-key.ts';
import { fakeKms } from './fake-kms.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';
import { tempFolder } from './temp-folder.ts';

export interface MemoryDeployWorld extends Disposable {
  readonly world: DeployWorld;
  readonly clock: SimulatedClock;
  readonly root: string;
  readonly keyId: string;
  readonly secretId: string;
  readonly cdkCalls: readonly (readonly string[])[];
  /** Apps that a person agreed to. */
  readonly apps: readonly AppInfo[];
  /** Who installed the App. */
  readonly installed: AppAccount[];
  hook(): AppHook & { readonly secret?: string };
  set(change: { bootstrap?: number | undefined; cdkFails?: string; outputs?: Readonly<Record<string, string>> }): void;
}

let pem: string | undefined;
const appPem = (): string => {
  pem ??= generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .privateKey.export({ format: 'pem', type: 'pkcs1' })
    .toString();
  return pem;
};

/** A deployment's world in this process: real files, wrapping and keys; AWS and GitHub as far as the steps see them. */
export function memoryDeployWorld(stack = 'entropy'): MemoryDeployWorld {
  const folder = tempFolder();
  const { root } = folder;
  const clock = simulatedClock();
  const kms = fakeKms();
  const keyId = kms.createKey();
  const secretId = `${stack}-secret`;
  const secret: { value?: string; version?: string; before?: string } = {};
  const hook: { url: string; contentType: string; secret?: string } = {
    url: 'https://example.com',
    contentType: 'form',
  };
  const apps: AppInfo[] = [];
  const installed: AppAccount[] = [];
  const cdkCalls: (readonly string[])[] = [];
  const state = { bootstrap: 27 as number | undefined, deployed: false, cdkFails: '', outputs: {} };
  const database = openDatabase({ path: ':memory:', clock });
  const call = async (operation: string, input: Readonly<Record<string, unknown>>) => {
    const { status, body } = kms.answer(operation, input);
    if (status === 200) return body;
    const cause = Object.assign(new Error(String(body['message'])), { name: String(body['__type']) });
    throw new EntropyError({ code: 'E740', message: `kms:${operation}`, fix: '', cause });
  };
  const outputs: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(stackOutputs).map(([key, name]) => [name, `the-${key}`]),
  );
  const told = () => ({
    ...outputs,
    WebhookUrl: 'https://hooks.example.net/webhook',
    AppKeyId: keyId,
    WebhookSecretId: secretId,
    ...state.outputs,
  });
  const world: DeployWorld = {
    clock,
    signal: new AbortController().signal,
    nodeVersion: '24.1.0',
    clone: { kind: 'clone', root, commit: '0123456789abcdef' },
    region: 'eu-central-1',
    files: openDeploymentFiles(path.join(root, '.entropy'), path.join(root, 'entropy.stack.json')),
    identity: async () => ({ account: '123456789012', arn: 'arn:aws:sts::123456789012:assumed-role/Admin/alice' }),
    bootstrapVersion: async () => state.bootstrap,
    cdk: async (args) => {
      cdkCalls.push(args);
      if (args[0] === state.cdkFails) return 1;
      if (args[0] === 'synth') {
        const output = args[args.indexOf('--output') + 1] ?? '';
        mkdirSync(output, { recursive: true });
        writeFileSync(path.join(output, `${stack}.template.json`), '{"Resources":{}}');
      }
      if (args[0] === 'deploy') state.deployed = true;
      if (args[0] === 'bootstrap') state.bootstrap = 27;
      return 0;
    },
    stacks: {
      find: async () => (state.deployed ? { status: 'CREATE_COMPLETE', outputs: told() } : undefined),
      template: async () => (state.deployed ? '{"Resources":{}}' : undefined),
      resources: async () => [],
    },
    secrets: {
      current: async () => secret.value,
      currentVersion: async () => secret.version,
      previous: async () => secret.before,
      retirePrevious: async () => {
        const had = secret.before !== undefined;
        delete secret.before;
        return had ? 'retired' : 'none';
      },
      put: async (_id, value, version) => {
        if (secret.value !== undefined) secret.before = secret.value;
        Object.assign(secret, { value, version });
      },
    },
    keyImport: createAppKeyImport(call),
    appKey: (id) => createKmsAppKey(call, id),
    asApp: (_app, key) => {
      const signedIn = async (): Promise<AppInfo> => {
        await key.sign(Buffer.from('a token'));
        const me = apps.at(-1);
        if (me === undefined) throw new EntropyError({ code: 'E201', message: 'no such App', fix: '' });
        return me;
      };
      return {
        me: signedIn,
        hook: async () => ({ url: hook.url, contentType: hook.contentType, hasSecret: hook.secret !== undefined }),
        setHook: async (wanted) => {
          await signedIn();
          Object.assign(hook, wanted, { contentType: 'json' });
          return { ...hook, hasSecret: true };
        },
        installedFor: async () => {
          await signedIn();
          return installed;
        },
      };
    },
    makeApp: async ({ owner, name }) => {
      const app: AppInfo = {
        id: 100 + apps.length,
        slug: name,
        page: `https://github.com/apps/${name}`,
        owner: owner.kind === 'person' ? 'alice' : owner.login,
        ownerId: 9_919,
        permissions: Object.fromEntries(appPermissions.map((permission) => [permission.name, permission.level])),
        events: appEvents.map((event) => event.name),
      };
      apps.push(app);
      return { app, privateKey: appPem() };
    },
    readPrivateKey: async (file) => readPrivateKeyText(appPem(), file),
    apiKeys: () => createApiKeyStore(database),
    request: async () => ({ status: 200, text: '' }),
    queueDepth: async () => 0,
    [Symbol.dispose]: () => undefined,
  };
  return {
    ...{ world, clock, root, keyId, secretId, cdkCalls, apps, installed },
    hook: () => ({ ...hook, hasSecret: hook.secret !== undefined }),
    set: (change) => void Object.assign(state, change),
    [Symbol.dispose]: () => {
      void database.close();
      folder[Symbol.dispose]();
    },
  };
}
