import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { createSecretVersions } from '../../../src/adapters/aws/secret-versions.ts';
import { createSignedCall, secretsService } from '../../../src/adapters/aws/signed-call.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { dispatchedWorkflowText } from '../../../src/domain/dispatched-workflow-text.ts';
import { appEvents, appPermissions } from '../../../src/domain/github-app.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../../../src/embedded/github/embedded-github.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { awsVariables, type FunctionName } from '../../../src/runtime/aws/aws-names.ts';
import { type AwsStandIn, startAws } from '../aws-stand-in.ts';
import { type DynamoServer, dynamoDbLocal } from '../dynamodb-server.ts';
import { createFromTemplate, type StackResources } from '../stack-resources.ts';
import { synthesise } from '../synthesised-stack.ts';
import { type HttpApi, startHttpApi } from './http-api.ts';

export interface StackPlaceOptions {
  /** Everything that is written goes below. */
  readonly folder: string;
  /** Files of every repository: a folder. */
  readonly sample: string;
  /** `octo/slug` … of one organisation. */
  readonly repositories: readonly string[];
  readonly progress: (line: string) => void;
  /** GitHub's; the machine's when absent. */
  readonly clock?: Clock;
  /** Where the App's webhook leads; to the stack itself when absent. */
  readonly webhookUrl?: string;
  /** Functions are ended on purpose: nobody is told. */
  readonly isQuiet?: boolean;
}

/** What the functions of a stack are put into: its resources from its template, and a GitHub on which its App is installed. */
export interface StackPlace extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  readonly aws: AwsStandIn;
  readonly dynamodb: DynamoServer;
  readonly api: HttpApi;
  readonly resources: StackResources;
  readonly webhookSecret: string;
  /** With the bundle of a function. */
  codeFolder(name: FunctionName): string;
  /** What the template tells a function, and where its AWS and its GitHub are. */
  environmentOf(name: FunctionName): Promise<Readonly<Record<string, string>>>;
  /** As alice, who administers every repository. */
  send<Answer>(method: string, where: string, body?: unknown): Promise<Answer>;
  /** Every repository gets the workflow that is dispatched. */
  addWorkflows(): Promise<void>;
}

const appId = 77;
export const installation = 123;
const packageRoot = path.resolve(import.meta.dirname, '../../..');

export async function openStackPlace(options: StackPlaceOptions): Promise<StackPlace> {
  const { progress, repositories } = options;
  await using opened = new AsyncDisposableStack();
  const codeFolder = (name: FunctionName): string => path.join(packageRoot, 'dist/lambdas', name);
  const { template } = synthesise({ codeFolder });
  progress(`synthesised ${Object.keys(template.Resources).length} resources`);
  const [aws, dynamodb, api] = await Promise.all([startAws(), dynamoDbLocal.start(), startHttpApi(options)]);
  for (const each of [aws, dynamodb, api]) opened.use(each);
  const resources = await createFromTemplate({
    template,
    aws,
    dynamodb: dynamodb.endpoint,
    parameters: { GithubAppId: String(appId), Owners: 'octo' },
    apiUrl: api.url,
  });
  progress(`table ${resources.tableName}, queue, buckets, keys and secret are made from the template`);

  const webhookSecret = randomBytes(24).toString('hex');
  const secrets = createSecretVersions(createSignedCall(aws.access(), secretsService));
  await secrets.put(resources.webhookSecretId, webhookSecret, randomUUID());
  const webhook = { url: options.webhookUrl ?? `${api.url}/webhook`, secret: webhookSecret };
  const github = opened.use(await startGitHub(options, { resources, webhook }));
  const send = senderAs(github, 'alice');
  // The settings take only https, so the three addresses of this GitHub are laid over what the template says.
  const here = {
    [awsVariables.githubApiUrl]: github.apiUrl,
    [awsVariables.githubServerUrl]: github.url,
    [awsVariables.oidcIssuer]: github.idTokenIssuer,
  };
  const owned = opened.move();
  return {
    ...{ github, aws, dynamodb, api, resources, webhookSecret, codeFolder, send },
    environmentOf: async (name) => {
      const told = await resources.environmentOf(name);
      const known = Object.entries(here).filter(([variable]) => variable in told);
      return { ...told, ...Object.fromEntries(known) };
    },
    addWorkflows: async () => {
      const text = dispatchedWorkflowText({ coordinatorUrl: api.url, place: 'own-repository' });
      for (const repository of repositories) {
        await send('PUT', `/repos/${repository}/contents/.github/workflows/agent.yml`, {
          message: 'Let agents work here',
          content: Buffer.from(text).toString('base64'),
          branch: 'main',
        });
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Hooked {
  readonly resources: StackResources;
  readonly webhook: { readonly url: string; readonly secret: string };
}

function startGitHub({ folder, sample, repositories, clock }: StackPlaceOptions, { resources, webhook }: Hooked) {
  return startEmbeddedGitHub({
    dataDir: path.join(folder, 'github'),
    clock: clock ?? createSystemClock(),
    rateLimits: 'off',
    users: [{ login: 'alice', name: 'Alice' }],
    repositories: repositories.map((repository) => {
      const [owner = '', name = ''] = repository.split('/');
      return { owner, name, source: { kind: 'folder', path: sample }, collaborators: { alice: 'admin' } } as const;
    }),
    apps: [
      {
        ...{ id: appId, slug: 'agents', name: 'Agents', owner: 'octo' },
        // GitHub knows the App by the public half of the key that KMS signs with.
        key: resources.appPublicKey
          .toString('base64')
          .replace(/^.*$/s, (der) => `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`),
        events: appEvents.map(({ name }) => name),
        webhook,
        installations: [{ id: installation, account: 'octo', permissions: permissionsOfApp() }],
      },
    ],
  });
}

/** Exactly those that the App asks for. */
function permissionsOfApp(): Readonly<Record<string, string>> {
  return Object.fromEntries(appPermissions.map(({ name, level }) => [name, level]));
}

function senderAs(github: EmbeddedGitHub, login: string): StackPlace['send'] {
  return async <Answer>(method: string, where: string, body?: unknown) => {
    const response = await fetch(`${github.apiUrl}${where}`, {
      method,
      headers: { authorization: `Bearer ${github.userToken(login)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${where} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
}
