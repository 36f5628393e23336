import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhookSecret } from '../../fakes/payloads/signed-request.ts';

/** What AWS answers when all goes well, without doing anything. */
const answers: Readonly<Record<string, unknown>> = {
  'AmazonSQS.SendMessage': { MessageId: '5fea7756-0ea4-451a-a703-a558b933e274', MD5OfMessageBody: '0' },
  'secretsmanager.GetSecretValue': { Name: 'webhook-secret', SecretString: webhookSecret },
};

export function answerOf(target: string): Response {
  return new Response(JSON.stringify(answers[target] ?? {}), {
    headers: { 'content-type': 'application/x-amz-json-1.0' },
  });
}

export interface AtOnce extends AsyncDisposable {
  readonly endpoint: string;
}

/** A server on loopback that answers every request of AWS's JSON protocols at once. */
export async function answerAtOnce(): Promise<AtOnce> {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(answers[String(request.headers['x-amz-target'])] ?? {}));
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
