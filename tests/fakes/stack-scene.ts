import { createPublicKey, randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { SQSRecord } from 'aws-lambda';
import { createSignedCall, kmsService, sqsService } from '../../src/adapters/aws/signed-call.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { openAppGitHub } from '../../src/runtime/aws/app-github.ts';
import type { DispatchingParts } from '../../src/runtime/aws/dispatching-parts.ts';
import type { FunctionLog } from '../../src/runtime/aws/function-log.ts';
import type { MetricName } from '../../src/runtime/aws/metric-names.ts';
import { openStackStores } from '../../src/runtime/aws/stack-stores.ts';
import { createKmsKey, createQueues, startAws } from './aws-stand-in.ts';
import { deliveryOf, dispatchableWorkflow, installation } from './dispatch-scene.ts';
import { dynamoTestTable, requestTimeoutMs } from './dynamo-test-table.ts';
import { dynamoDbLocal } from './dynamodb-server.ts';
import { type GitHubRoom, gitHubRoom } from './embedded-github-room.ts';

export interface StackScene extends AsyncDisposable {
  readonly github: GitHubRoom;
  readonly parts: DispatchingParts;
  readonly counted: Map<MetricName, number[]>;
  readonly logged: { readonly level: string; readonly message: string; readonly fields: unknown }[];
  /** Puts the delivery of the last event of this name into the queue, as the webhook function does. */
  queueLast(name: 'issues' | 'issue_comment'): Promise<void>;
  send(id: string, body: Readonly<Record<string, unknown>>): Promise<void>;
  /** What is in the queue, as AWS hands it to a function. */
  records(): Promise<SQSRecord[]>;
}

/** The stack's services on moto and DynamoDB Local, and the embedded GitHub with an App whose key lies in KMS. */
export async function stackScene(): Promise<StackScene> {
  const clock = createSystemClock();
  const [aws, local] = await Promise.all([startAws(), dynamoDbLocal.start()]);
  // DynamoDB Local keeps the tables of each key apart, and the table is made with this one.
  const credentials = async () => ({ accessKeyId: 'test', secretAccessKey: 'test' });
  const access = { ...aws.access(clock), credentials };
  const table = await dynamoTestTable(local.endpoint, clock);
  const { queueUrl, deadLetterUrl } = await createQueues(access, 5);
  const artifactsBucket = `artifacts-${randomUUID()}`;
  const s3 = new S3Client({
    region: access.region,
    credentials: access.credentials,
    endpoint: aws.endpoint,
    forcePathStyle: true,
  });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket: artifactsBucket, CreateBucketConfiguration }));
  s3.destroy();
  const appKeyId = await createKmsKey(access, 'SIGN_VERIFY');
  const sealingKeyId = await createKmsKey(access, 'ENCRYPT_DECRYPT');
  const github = await gitHubRoom({ clock, apps: [appSeed(await publicKeyOf(access, appKeyId))] });
  await github.commit('main', { '.github/workflows/agent.yml': dispatchableWorkflow });

  const settings = {
    ...{ table: table.name, queueUrl, deadLetterQueueUrl: deadLetterUrl, artifactsBucket, appKeyId, sealingKeyId },
    ...{ appId: 77, githubApiUrl: github.github.apiUrl, githubServerUrl: github.github.url },
    ...{ coordinatorUrl: 'https://coordinator.test', workflow: 'agent.yml', runnerRepository: undefined },
    owners: [],
    stack: 'entropy-playground',
    logLevel: 'INFO',
  } as const;
  const stores = openStackStores(settings, {
    aws: access,
    tableEndpoint: local.endpoint,
    tableTimeoutMs: requestTimeoutMs,
  });
  const counted: StackScene['counted'] = new Map();
  const logged: StackScene['logged'] = [];
  const log = recordingLog(counted, logged);
  const app = openAppGitHub({
    ...stores,
    appId: 77,
    apiUrl: settings.githubApiUrl,
    owners: settings.owners,
    log: (line) => log.info(line),
  });
  const sqs = createSignedCall(access, sqsService);
  const send: StackScene['send'] = async (id, body) => {
    await stores.queue.send({ id, task: 'github/octo/slug', role: 'dispatcher', body });
  };
  return {
    ...{ github, counted, logged, send },
    parts: { settings, stores, github: app, log },
    queueLast: async (name) => {
      const event = github.events.findLast((told) => told.name === name);
      if (event === undefined) throw new Error(`no event ${name}`);
      const delivery = deliveryOf(event, clock.now());
      await send(delivery.bodySha256, { ...delivery });
    },
    records: async () => {
      const asked = {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 30,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
        AttributeNames: ['All'],
      };
      const { Messages: messages = [] } = await sqs('ReceiveMessage', asked, { resource: queueUrl });
      return (messages as readonly SqsAnswer[]).map(recordOf);
    },
    [Symbol.asyncDispose]: async () => {
      await github[Symbol.asyncDispose]();
      await table[Symbol.asyncDispose]();
      await Promise.all([aws[Symbol.asyncDispose](), local[Symbol.asyncDispose]()]);
    },
  };
}

interface SqsAnswer {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string; readonly DataType: string }>>;
}

function recordOf(message: SqsAnswer): SQSRecord {
  const { MessageId: messageId, ReceiptHandle: receiptHandle, Body: body, Attributes: told } = message;
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue: stringValue }]) => [
    name,
    { dataType: 'String', stringValue },
  ]);
  return {
    ...{ messageId, receiptHandle, body, md5OfBody: '', eventSource: 'aws:sqs', awsRegion: 'eu-central-1' },
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:tasks',
    attributes: {
      ApproximateReceiveCount: told['ApproximateReceiveCount'] ?? '1',
      SentTimestamp: told['SentTimestamp'] ?? '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: Object.fromEntries(attributes),
  };
}

async function publicKeyOf(access: Parameters<typeof createSignedCall>[0], keyId: string): Promise<string> {
  const { PublicKey } = await createSignedCall(access, kmsService)(
    'GetPublicKey',
    { KeyId: keyId },
    { resource: keyId },
  );
  const key = createPublicKey({ key: Buffer.from(String(PublicKey), 'base64'), format: 'der', type: 'spki' });
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function appSeed(key: string) {
  const permissions = {
    contents: 'write',
    issues: 'write',
    pull_requests: 'write',
    actions: 'write',
    metadata: 'read',
  };
  const events = ['issues', 'issue_comment', 'workflow_run'];
  const described = { id: 77, slug: 'entropy', name: 'Entropy', owner: 'octo', key, events, permissions };
  return { ...described, installations: [{ id: installation, account: 'octo', permissions }] };
}

function recordingLog(counted: StackScene['counted'], logged: StackScene['logged']): FunctionLog {
  const write = (level: string) => (message: string, fields?: unknown) => {
    logged.push({ level, message, fields });
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: (message, error, fields) => logged.push({ level: 'error', message, fields: { ...fields, error } }),
    count: (metric, value = 1) => {
      counted.set(metric, [...(counted.get(metric) ?? []), value]);
    },
    flush: () => {},
  };
}
