import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createSecretVersions } from '../../src/adapters/aws/secret-versions.ts';
import { createSignedCall, secretsService } from '../../src/adapters/aws/signed-call.ts';
import { createTableInput } from '../../src/adapters/dynamodb/table.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../../src/embedded/github/embedded-github.ts';
import { isSigned } from '../../src/flows/webhook-signature.ts';
import { personAwsAccess } from '../../src/runtime/aws/aws-access.ts';
import { stackOutputs } from '../../src/runtime/aws/stack-outputs.ts';
import { moto } from './dynamodb-server.ts';
import { type FakeKms, fakeKms } from './fake-kms.ts';
import { type TempFolder, tempFolder } from './temp-folder.ts';

export const deployRegion = 'eu-central-1';

/** Names in the environment by which all of AWS's tools find moto. */
export interface DeployStandIns extends AsyncDisposable {
  readonly aws: string;
  readonly kms: FakeKms;
  readonly github: EmbeddedGitHub;
  /** Where the deployed stack is reached from outside. */
  readonly publicUrl: string;
  readonly variables: Readonly<Record<string, string>>;
  /** A clone of its own, with a stack of its own name. */
  clone(stack: string): DeployClone;
  /** Puts the bootstrap's version where the CDK does. */
  bootstrap(version: number): Promise<void>;
}

export interface DeployClone extends Disposable {
  readonly root: string;
  readonly stack: string;
  readonly keyId: string;
  /** How the CDK was called. */
  cdkCalls(): readonly { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> }[];
  cdkFails(command: string, fails: boolean): void;
  /** Changes the template of the next release. */
  changeTemplate(change: (template: Template) => void): void;
}

// biome-ignore lint/suspicious/noExplicitAny: tests change any part of a template.
type Template = Record<'Resources' | 'Outputs', Record<string, any>>;

/** moto for AWS, with KMS's imported keys that it lacks, and the embedded GitHub; the CDK's place is taken in each clone. */
export async function deployStandIns(): Promise<DeployStandIns> {
  const server = await moto.start();
  const kms = fakeKms();
  const front = await listening(createServer((request, response) => void frontDoor(request, response)));
  const folder = tempFolder({});
  const github = await startEmbeddedGitHub({
    dataDir: path.join(folder.root, 'github'),
    clock: createSystemClock(),
    users: [{ login: 'alice' }],
    repositories: [{ owner: 'octo', name: 'slug', source: { kind: 'empty' } }],
  });
  const variables = {
    AWS_ENDPOINT_URL: front.url,
    AWS_REGION: deployRegion,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test-secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    GITHUB_SERVER_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
  };
  let secretId = '';
  const outside = await listening(
    createServer(async (request, response) => {
      const body = await bytesOf(request);
      if (request.method === 'GET') return void response.end('{}');
      const access = personAwsAccess(createSystemClock());
      const versions = createSecretVersions(createSignedCall(access, secretsService));
      const secrets = [await versions.current(secretId), await versions.previous(secretId)];
      const known = secrets.filter((secret) => secret !== undefined);
      const signature = String(request.headers['x-hub-signature-256'] ?? '');
      response.writeHead(isSigned(known, body, signature) ? 202 : 401).end('{}');
    }),
  );

  async function frontDoor(request: IncomingMessage, response: import('node:http').ServerResponse): Promise<void> {
    const body = await bytesOf(request);
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.startsWith('TrentService.')) {
      const answer = kms.answer(target.slice('TrentService.'.length), JSON.parse(body.toString('utf8')));
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer.body));
      return;
    }
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    const passed = await fetch(`${server.endpoint}${request.url}`, {
      method: request.method ?? 'POST',
      headers: headers as Record<string, string>,
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    const answer = Buffer.from(await passed.arrayBuffer());
    response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? 'text/plain' });
    response.end(answer);
  }

  return {
    ...{ aws: front.url, kms, github, publicUrl: outside.url, variables },
    clone: (stack) => {
      secretId = `${stack}-webhook`;
      const files = tempFolder({ 'cdk.json': '{}', 'node_modules/aws-cdk/package.json': '{"type":"module"}' });
      const program = path.join(files.root, 'node_modules/aws-cdk/bin/cdk');
      mkdirSync(path.dirname(program), { recursive: true });
      copyFileSync(path.join(import.meta.dirname, 'cdk-stand-in.mjs'), program);
      return cloneIn(files, { stack, keyId: kms.createKey(), publicUrl: outside.url, secretId });
    },
    bootstrap: async (version) => {
      const access = personAwsAccess(createSystemClock());
      const call = createSignedCall(access, { name: 'ssm', jsonVersion: '1.1', target: 'AmazonSSM' });
      const input = {
        Name: '/cdk-bootstrap/hnb659fds/version',
        Value: String(version),
        Type: 'String',
        Overwrite: true,
      };
      await call('PutParameter', input, { resource: 'the bootstrap' });
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([front.close(), outside.close(), github.close(), server[Symbol.asyncDispose]()]);
      folder[Symbol.dispose]();
    },
  };
}

interface CloneFacts {
  readonly stack: string;
  readonly keyId: string;
  readonly publicUrl: string;
  readonly secretId: string;
}

function cloneIn(files: TempFolder, { stack, keyId, publicUrl, secretId }: CloneFacts): DeployClone {
  const { root } = files;
  const { StreamSpecification: _stream, TableName, ...table } = createTableInput(`${stack}-table`);
  const template: Template = {
    Resources: {
      Table: { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Retain', Properties: { TableName, ...table } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${stack}-tasks` } },
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${stack}-dead` } },
    },
    Outputs: {},
  };
  const told: Readonly<Record<keyof typeof stackOutputs, unknown>> = {
    webhookUrl: `${publicUrl}/webhook`,
    apiUrl: publicUrl,
    table: TableName,
    queueUrl: { Ref: 'Queue' },
    deadLetterQueueUrl: { Ref: 'Dead' },
    webhookSecretId: secretId,
    appKeyId: keyId,
    artifactsBucket: `${stack}-artifacts`,
    auditBucket: `${stack}-audit`,
  };
  for (const [name, Value] of Object.entries(told)) {
    template.Outputs[stackOutputs[name as keyof typeof stackOutputs]] = { Value };
  }
  const write = (): void => writeFileSync(path.join(root, 'template.json'), JSON.stringify(template));
  write();
  const calls = path.join(root, 'cdk-calls.jsonl');
  return {
    root,
    stack,
    keyId,
    cdkCalls: () =>
      (existsSync(calls) ? readFileSync(calls, 'utf8') : '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    cdkFails: (command, fails) => {
      const file = path.join(root, `cdk-${command}-fails`);
      if (fails) writeFileSync(file, '');
      else rmSync(file, { force: true });
    },
    changeTemplate: (change) => {
      change(template);
      write();
    },
    [Symbol.dispose]: () => files[Symbol.dispose](),
  };
}

/** What a person does who agrees: opens our page, presses its button, agrees on GitHub's, and is sent back. */
export async function agreeInBrowser(url: string): Promise<Response> {
  const page = await (await fetch(url)).text();
  const plain = (text: string) =>
    text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const action = plain(/action="([^"]+)"/.exec(page)?.[1] ?? '');
  const manifest = plain(/name="manifest" value="([^"]+)"/.exec(page)?.[1] ?? '');
  const agreed = await fetch(action, { method: 'POST', body: new URLSearchParams({ manifest }), redirect: 'manual' });
  return fetch(agreed.headers.get('location') ?? `${url}no-location`);
}

async function listening(server: Server): Promise<{ readonly url: string; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
