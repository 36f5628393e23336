import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecretVersions } from '../../../src/adapters/aws/secret-versions.ts';
import { createSignedCall, secretsService } from '../../../src/adapters/aws/signed-call.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { dispatchedWorkflowText } from '../../../src/domain/dispatched-workflow-text.ts';
import { appEvents, appPermissions } from '../../../src/domain/github-app.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../../../src/embedded/github/embedded-github.ts';
import { awsVariables, type FunctionName, functionNames } from '../../../src/runtime/aws/aws-names.ts';
import { type AwsStandIn, startAws } from '../aws-stand-in.ts';
import { type DynamoServer, dynamoDbLocal } from '../dynamodb-server.ts';
import { createFromTemplate, type StackResources } from '../stack-resources.ts';
import { synthesise } from '../synthesised-stack.ts';
import { startHttpApi } from './http-api.ts';
import { callFromQueue, type QueueCaller } from './queue-caller.ts';
import { type StackFunction, startFunction } from './stack-function.ts';
import { callFromStream, type StreamCaller } from './stream-caller.ts';

export interface StackWorldOptions {
  /** Everything that is written goes below. */
  readonly folder: string;
  /** Files of every repository: a folder. */
  readonly sample: string;
  /** `octo/slug` … of one organisation. */
  readonly repositories: readonly string[];
  readonly progress: (line: string) => void;
}

/** The deployed stack, as its template declares it, beside a GitHub on which its App is installed. */
export interface StackWorld extends AsyncDisposable {
  readonly github: EmbeddedGitHub;
  readonly aws: AwsStandIn;
  readonly dynamodb: DynamoServer;
  readonly resources: StackResources;
  readonly functions: Readonly<Record<FunctionName, StackFunction>>;
  readonly queue: QueueCaller;
  readonly stream: StreamCaller;
  /** Of the HTTP API. */
  readonly url: string;
  /** The last lines that each function logged. */
  logs(lines?: number): string;
  readonly webhookSecret: string;
  /** As alice, who administers every repository. */
  send<Answer>(method: string, where: string, body?: unknown): Promise<Answer>;
}

const appId = 77;
export const installation = 123;
const packageRoot = path.resolve(import.meta.dirname, '../../..');
/** As in cdk/constructs/function-size.ts, and time for a machine on which everything runs at once. */
const timeoutMs = 60_000;

export async function openStackWorld(options: StackWorldOptions): Promise<StackWorld> {
  const { folder, progress, repositories } = options;
  await using opened = new AsyncDisposableStack();
  const codeFolder = (name: FunctionName): string => path.join(packageRoot, 'dist/lambdas', name);
  const { template } = synthesise({ codeFolder });
  progress(`synthesised ${Object.keys(template.Resources).length} resources`);
  const [aws, dynamodb, api] = await Promise.all([startAws(), dynamoDbLocal.start(), startHttpApi()]);
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
  const github = opened.use(await startGitHub(options, { resources, url: api.url, webhookSecret }));
  const functions = await startFunctions({ resources, github, codeFolder, folder, opened });
  api.route(functions);
  progress(`${functionNames.length} functions run from their bundles; the App's webhook leads to ${api.url}/webhook`);

  const send = senderAs(github, 'alice');
  for (const repository of repositories) {
    await send('PUT', `/repos/${repository}/contents/.github/workflows/agent.yml`, {
      message: 'Let agents work here',
      content: Buffer.from(dispatchedWorkflowText({ coordinatorUrl: api.url, place: 'own-repository' })).toString(
        'base64',
      ),
      branch: 'main',
    });
  }
  const queue = opened.use(
    callFromQueue({ access: aws.access(), queueUrl: resources.queueUrl, dispatcher: functions.dispatcher }),
  );
  const stream = opened.use(
    callFromStream({
      endpoint: dynamodb.endpoint,
      table: resources.tableName,
      account: (await aws.access().credentials()).accessKeyId,
      archiver: functions.archiver,
    }),
  );
  const owned = opened.move();
  return {
    ...{ github, aws, dynamodb, resources, functions, queue, stream, webhookSecret, send },
    url: api.url,
    logs: (lines = 20) =>
      functionNames
        .map(
          (name) =>
            `── ${name}\n${readFileSync(path.join(folder, 'logs', `${name}.log`), 'utf8')
              .split('\n')
              .slice(-lines)
              .join('\n')}`,
        )
        .join('\n'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Hooked {
  readonly resources: StackResources;
  readonly url: string;
  readonly webhookSecret: string;
}

function startGitHub({ folder, sample, repositories }: StackWorldOptions, { resources, url, webhookSecret }: Hooked) {
  return startEmbeddedGitHub({
    dataDir: path.join(folder, 'github'),
    clock: createSystemClock(),
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
        webhook: { url: `${url}/webhook`, secret: webhookSecret },
        installations: [{ id: installation, account: 'octo', permissions: permissionsOfApp() }],
      },
    ],
  });
}

/** Exactly those that the App asks for. */
function permissionsOfApp(): Readonly<Record<string, string>> {
  return Object.fromEntries(appPermissions.map(({ name, level }) => [name, level]));
}

interface Starting {
  readonly resources: StackResources;
  readonly github: EmbeddedGitHub;
  readonly codeFolder: (name: FunctionName) => string;
  readonly folder: string;
  readonly opened: AsyncDisposableStack;
}

async function startFunctions({ resources, github, codeFolder, folder, opened }: Starting) {
  const logs = path.join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  // The settings take only https, so the three addresses of this GitHub are laid over what the template says.
  const here = {
    [awsVariables.githubApiUrl]: github.apiUrl,
    [awsVariables.githubServerUrl]: github.url,
    [awsVariables.oidcIssuer]: github.idTokenIssuer,
  };
  const started = await Promise.all(
    functionNames.map(async (name) => {
      const told = await resources.environmentOf(name);
      const known = Object.entries(here).filter(([variable]) => variable in told);
      const environment = { ...told, ...Object.fromEntries(known) };
      const logFile = path.join(logs, `${name}.log`);
      return [
        name,
        opened.use(await startFunction({ code: codeFolder(name), environment, timeoutMs, logFile })),
      ] as const;
    }),
  );
  return Object.fromEntries(started) as Record<FunctionName, StackFunction>;
}

function senderAs(github: EmbeddedGitHub, login: string): StackWorld['send'] {
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
