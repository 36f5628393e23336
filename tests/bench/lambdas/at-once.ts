import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { installationId } from '../../fakes/payloads/payloads.ts';
import { webhookSecret } from '../../fakes/payloads/signed-request.ts';

/** What AWS answers when all goes well and nothing is there yet, without doing anything. */
const answers: Readonly<Record<string, unknown>> = {
  'AmazonSQS.SendMessage': { MessageId: '5fea7756-0ea4-451a-a703-a558b933e274', MD5OfMessageBody: '0' },
  'secretsmanager.GetSecretValue': { Name: 'webhook-secret', SecretString: webhookSecret },
  'TrentService.Sign': { Signature: Buffer.alloc(256, 1).toString('base64') },
  'TrentService.Encrypt': { CiphertextBlob: Buffer.alloc(64, 1).toString('base64') },
  'DynamoDB_20120810.Query': { Items: [], Count: 0 },
  'DynamoDB_20120810.Scan': { Items: [], Count: 0 },
  'DynamoDB_20120810.BatchGetItem': { Responses: {}, UnprocessedKeys: {} },
};

/** GitHub, as far as a label that asks for nothing makes anybody ask it. */
const github: readonly (readonly [RegExp, unknown])[] = [
  [/^GET .*\/installation$/, { id: installationId, account: { login: 'octo' }, suspended_at: null }],
  [/^POST .*\/access_tokens$/, { token: 'ghs_at_once', expires_at: '2099-01-01T00:00:00Z' }],
  [/^GET .*\/branches\/main$/, { name: 'main', commit: { sha: '1'.repeat(40) } }],
  [
    /^GET .*\/git\/ref\/heads(?:\/|%2F)main$/,
    { ref: 'refs/heads/main', object: { type: 'commit', sha: '1'.repeat(40) } },
  ],
  [/^GET \/github\/repos\/[^/]+\/[^/]+$/, { default_branch: 'main', full_name: 'octo/slug' }],
  [/^GET \/github\/app$/, { id: 42, slug: 'agents' }],
];

export function answerOf(target: string): Response {
  return new Response(JSON.stringify(answers[target] ?? {}), {
    headers: { 'content-type': 'application/x-amz-json-1.0' },
  });
}

export interface AtOnce extends AsyncDisposable {
  readonly endpoint: string;
}

/** A server on loopback that answers every request at once and keeps nothing. GitHub's lists are empty, its files missing. */
export async function answerAtOnce(): Promise<AtOnce> {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      const { url = '/', method = 'GET' } = request;
      const target = request.headers['x-amz-target'];
      response.setHeader('content-type', target === undefined ? 'application/json' : 'application/x-amz-json-1.0');
      if (target !== undefined || !url.startsWith('/github/')) {
        response.end(JSON.stringify(answers[String(target)] ?? {}));
        return;
      }
      const path = url.split('?')[0] ?? url;
      const known = github.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1];
      const isList = /\/(?:installations|deliveries|comments|issues|pulls)$/.test(path);
      if (known === undefined && !isList) response.statusCode = 404;
      response.end(JSON.stringify(known ?? (isList ? [] : { message: 'Not Found' })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
