import { randomUUID } from 'node:crypto';
import { createSecretVersions } from '../../../src/adapters/aws/secret-versions.ts';
import { createSignedCall, secretsService } from '../../../src/adapters/aws/signed-call.ts';
import { createSqsTaskQueue } from '../../../src/adapters/aws/sqs-task-queue.ts';
import { parseQueuedMessage } from '../../../src/domain/dispatch/parse-queued-message.ts';
import type { QueuedDelivery } from '../../../src/domain/dispatch/queued-message.ts';
import { openWebhookFunction } from '../../../src/runtime/aws/webhook-function.ts';
import { type AwsStandIn, createQueues } from '../../fakes/aws-stand-in.ts';
import { coordinatorScene } from '../../fakes/coordinator-scene.ts';
import { webhookSecret } from '../../fakes/payloads/signed-request.ts';

/** What travels: bytes and headers. `gateway`: what the HTTP API is said to have made of the bytes. */
export interface Sent {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly gateway?: { readonly body: string; readonly isBase64Encoded: boolean };
}

/** An address that GitHub's deliveries come to. */
export interface Door extends AsyncDisposable {
  readonly name: string;
  /** The status of the answer. */
  knock(sent: Sent): Promise<number>;
  /** How many deliveries were taken in since it was asked last. */
  taken(): Promise<number>;
}

export interface FunctionDoor extends Door {
  /** The deliveries themselves, as the dispatcher gets them, instead of their number. */
  receive(): Promise<readonly QueuedDelivery[]>;
}

export const previousSecret = 'the secret before, 32 characters';

/** The function as the stack runs it, its queue and its secret (rotated once) in a stand-in for AWS. */
export async function functionDoor(aws: AwsStandIn): Promise<FunctionDoor> {
  const access = aws.access();
  const name = `webhook-${randomUUID()}`;
  const call = createSignedCall(access, secretsService);
  await call('CreateSecret', { Name: name, SecretString: previousSecret }, { resource: name });
  await createSecretVersions(call).put(name, webhookSecret, randomUUID());
  const { queueUrl, deadLetterUrl } = await createQueues(access, 5);
  const handle = withEnvironment(
    {
      ENTROPY_QUEUE_URL: queueUrl,
      ENTROPY_WEBHOOK_SECRET_ID: name,
      ENTROPY_OWNERS: 'octo',
      ENTROPY_STACK: 'entropy-playground',
      ENTROPY_LOG_LEVEL: 'ERROR',
      AWS_REGION: access.region,
      AWS_ENDPOINT_URL: aws.endpoint,
      // Its figures would be lines among those of the test.
      POWERTOOLS_METRICS_DISABLED: 'true',
    },
    openWebhookFunction,
  );
  const queue = createSqsTaskQueue({ access, queueUrl, deadLetterUrl, waitSeconds: 0 });
  const receive = async (): Promise<readonly QueuedDelivery[]> => {
    const received = await queue.receive({ limit: 100, visibilityMs: 60_000 });
    for (const { receipt } of received) await queue.acknowledge(receipt);
    return received.map(({ work }) => {
      const message = parseQueuedMessage(work.body);
      if (message?.kind !== 'delivery') throw new Error(`no delivery: ${JSON.stringify(work.body).slice(0, 200)}`);
      return message;
    });
  };
  return {
    name: 'the webhook function',
    knock: async ({ bytes, headers, gateway }) => {
      const body = gateway ?? { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true };
      const { statusCode = 200 } = await withCredentials(() => handle({ headers, ...body }));
      return statusCode;
    },
    taken: async () => (await receive()).length,
    receive,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** The coordinator's own address, for those who run it without AWS. */
export function coordinatorDoor(): Door {
  let count = 0;
  const scene = coordinatorScene({
    github: {
      webhookSecrets: [webhookSecret, previousSecret],
      deliver: async () => {
        count += 1;
        return 'mirrored';
      },
    },
    limits: { addressRate: { burst: 100_000, perSecond: 100_000 } },
  });
  return {
    name: 'the coordinator',
    knock: async ({ bytes, headers }) => {
      const request = new Request('http://127.0.0.1/v1/webhooks/github', {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: Buffer.from(bytes),
      });
      return (await scene.app.fetch(request)).status;
    },
    taken: async () => {
      const before = count;
      count = 0;
      return before;
    },
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}

function withCredentials<Value>(work: () => Promise<Value>): Promise<Value> {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIATEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  return work();
}

/** The function reads its settings once, when it is opened. */
function withEnvironment<Value>(variables: Readonly<Record<string, string>>, open: () => Value): Value {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return open();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
