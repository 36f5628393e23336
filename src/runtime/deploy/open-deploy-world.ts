import { readFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { bootstrapVersion } from '../../adapters/aws/bootstrap-version.ts';
import { callerIdentity } from '../../adapters/aws/caller-identity.ts';
import { createAppKeyImport } from '../../adapters/aws/import-app-key.ts';
import { createKmsAppKey } from '../../adapters/aws/kms-app-key.ts';
import { createSecretVersions } from '../../adapters/aws/secret-versions.ts';
import { createSignedCall, kmsService, secretsService, ssmService } from '../../adapters/aws/signed-call.ts';
import { createSqsCalls } from '../../adapters/aws/sqs-calls.ts';
import { createStacks } from '../../adapters/aws/stacks.ts';
import { createDynamoApiKeyStore } from '../../adapters/dynamodb/api-key-store.ts';
import type { DynamoTable } from '../../adapters/dynamodb/dynamo-table.ts';
import { createGitHubCalls } from '../../adapters/github/api.ts';
import { createAppJwt } from '../../adapters/github/app-jwt.ts';
import { createAppSettings } from '../../adapters/github/app-settings.ts';
import { createSystemClock } from '../../adapters/system/system-clock.ts';
import { EntropyError } from '../../domain/error.ts';
import { personAwsAccess } from '../aws/aws-access.ts';
import { stackSettingsFile } from '../aws/stack-outputs.ts';
import { coordinatorKeyVariable, modelKeyVariable } from '../cli-environment.ts';
import { environmentWithout } from '../config.ts';
import { webhookSecretVariables } from '../serve.ts';
import { version } from '../version.ts';
import { awsRegion } from './aws-region.ts';
import type { DeployWorld } from './deploy-world.ts';
import { openDeployedTable } from './deployed-table.ts';
import { openDeploymentFiles } from './deployment-files.ts';
import { cdkProgram, findClone } from './find-clone.ts';
import { type GitHubPlace, githubPlace } from './github-place.ts';
import { makeAppInBrowser } from './make-app.ts';
import { readPrivateKeyText } from './private-key.ts';
import { requestToSelf } from './request-to-self.ts';
import { runTool } from './run-tool.ts';

export interface DeployPlace {
  readonly cwd: string;
  /** Root of the clone. */
  readonly root: string;
  readonly stack: string;
  readonly settingsFile?: string;
  readonly profile?: string;
  readonly region?: string;
  /** As named; GitHub's own server gives way to that of the settings. */
  readonly github: GitHubPlace;
  readonly hostPath: string;
  /** Of our page for the App; 0: any free one. */
  readonly port: number;
  readonly onPage: (url: string) => void;
  /** What the CDK and the build say. */
  readonly onText: (text: string) => void;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** No child of ours needs them. */
const secretVariables = [
  modelKeyVariable,
  coordinatorKeyVariable,
  'GITHUB_TOKEN',
  'GH_TOKEN',
  ...webhookSecretVariables,
] as const;

/** AWS, GitHub and this machine behind the steps of a deployment. */
export async function openDeployWorld(place: DeployPlace): Promise<DeployWorld> {
  const { root, stack, signal, profile, log } = place;
  const clock = createSystemClock();
  const userAgent = `entropy-playground/${version} deploy`;
  const files = openDeploymentFiles(
    join(root, '.entropy', 'deploy', stack),
    place.settingsFile === undefined ? join(root, stackSettingsFile) : resolve(place.cwd, place.settingsFile),
  );
  const { serverUrl, apiUrl } = await githubPlace(place.github, files);
  const region = await awsRegion(place.region, profile);
  const access = once(() => personAwsAccess(clock, { ...(profile && { profile }), ...(region && { region }) }));
  const kms = once(() => createSignedCall(access(), kmsService));
  const secrets = once(() => createSecretVersions(createSignedCall(access(), secretsService)));
  const keyImport = once(() => createAppKeyImport(kms()));
  const stacks = once(() => createStacks(access()));
  const tables = new Map<string, DynamoTable>();
  const tableAccess = () => ({ clock, signal, region: access().region, credentials: access().credentials });
  const env = {
    ...environmentWithout(secretVariables),
    // The app of the CDK is TypeScript: the Node of the clone's development tools runs it as it is.
    PATH: [join(root, 'node_modules', '.bin'), place.hostPath].join(delimiter),
    ...(region !== undefined && { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
    ...(profile !== undefined && { AWS_PROFILE: profile }),
  };
  return {
    clock,
    signal,
    nodeVersion: process.versions.node,
    clone: await findClone({ root, hostPath: place.hostPath, signal }),
    region,
    files,
    identity: () => callerIdentity(access(), signal),
    bootstrapVersion: () => bootstrapVersion(createSignedCall(access(), ssmService), signal),
    cdk: (args) =>
      runTool({
        file: process.execPath,
        args: [join(root, cdkProgram), ...args],
        cwd: root,
        env,
        onText: place.onText,
        signal,
      }),
    get stacks() {
      return stacks();
    },
    get secrets() {
      return secrets();
    },
    get keyImport() {
      return keyImport();
    },
    appKey: (keyId) => createKmsAppKey(kms(), keyId),
    asApp: ({ id, slug }, key) => {
      const token = createAppJwt(id, key, clock);
      return createAppSettings(
        createGitHubCalls({ token, apiUrl, userAgent, clock, signal, log }, { name: `the App ${slug}` }),
      );
    },
    makeApp: ({ owner, name }) =>
      makeAppInBrowser({
        ...{ owner, name, serverUrl, apiUrl, userAgent, signal },
        homepage: 'https://github.com/entropy-playground/entropy-playground',
        port: place.port,
        onPage: place.onPage,
      }),
    readPrivateKey: async (file) => readPrivateKeyText(await textOf(resolve(place.cwd, file)), file),
    apiKeys: (tableName) => {
      const table = tables.get(tableName) ?? openDeployedTable({ tableName, ...tableAccess() });
      tables.set(tableName, table);
      return createDynamoApiKeyStore(table);
    },
    request: (url, init) => requestToSelf(url, init, signal),
    [Symbol.dispose]: () => {
      for (const table of tables.values()) table[Symbol.dispose]();
    },
    queueDepth: async (queueUrl) => (await createSqsCalls(access(), queueUrl).counts()).waiting,
  };
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new EntropyError({ code: 'E102', message: `cannot read ${file}`, fix: 'check the path', cause });
  });
}

/** Opened with its first use: without a region nothing of AWS can be, and the step about the account says so. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
