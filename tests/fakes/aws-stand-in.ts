import { randomUUID } from 'node:crypto';
import type { AwsAccess } from '../../src/adapters/aws/aws-access.ts';
import { createSignedCall, kmsService, sqsService } from '../../src/adapters/aws/signed-call.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { moto } from './dynamodb-server.ts';

/** moto as AWS: everything but DynamoDB, and an account that may do all. */
export interface AwsStandIn extends AsyncDisposable {
  readonly endpoint: string;
  access(clock?: Clock): AwsAccess;
}

/** Why it cannot be started here and what to do; undefined when it can. */
export const awsMissing = moto.missing;

/** Ends a suite's title when it is skipped here; undefined when it runs. In CI it always does, and fails without moto. */
export function awsSkipped(): string | undefined {
  const missing = process.env['CI'] === undefined ? awsMissing() : undefined;
  return missing === undefined ? undefined : `: skipped. ${missing}`;
}

export async function startAws(): Promise<AwsStandIn> {
  const server = await moto.start();
  const { endpoint } = server;
  const endpoints = { sqs: endpoint, kms: endpoint, secretsmanager: endpoint, s3: endpoint };
  return {
    endpoint,
    access: (clock = createSystemClock()) => ({
      region: 'eu-central-1',
      credentials: async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: 'session' }),
      clock,
      endpoints,
    }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A queue and its dead letters, with the settings of the stack. */
export async function createQueues(
  access: AwsAccess,
  maxReceiveCount: number,
): Promise<{ readonly queueUrl: string; readonly deadLetterUrl: string }> {
  const call = createSignedCall(access, sqsService);
  const name = `tasks-${randomUUID()}`;
  const create = async (QueueName: string, Attributes: Readonly<Record<string, string>>): Promise<string> => {
    const { QueueUrl } = await call('CreateQueue', { QueueName, Attributes }, { resource: QueueName });
    return String(QueueUrl);
  };
  const deadLetterUrl = await create(`${name}-dead`, {});
  const deadLetterTargetArn = `arn:aws:sqs:${access.region}:123456789012:${name}-dead`;
  const queueUrl = await create(name, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) });
  return { queueUrl, deadLetterUrl };
}

/** The id of a new key: RSA 2048 that signs, or one that encrypts. */
export async function createKmsKey(access: AwsAccess, usage: 'SIGN_VERIFY' | 'ENCRYPT_DECRYPT'): Promise<string> {
  const call = createSignedCall(access, kmsService);
  const spec = usage === 'SIGN_VERIFY' ? 'RSA_2048' : 'SYMMETRIC_DEFAULT';
  const { KeyMetadata } = await call('CreateKey', { KeySpec: spec, KeyUsage: usage }, { resource: 'a new key' });
  return String((KeyMetadata as { readonly KeyId: string }).KeyId);
}
