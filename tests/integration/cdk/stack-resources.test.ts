import { createPublicKey, verify } from 'node:crypto';
import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetBucketVersioningCommand, GetObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKmsAppKey } from '../../../src/adapters/aws/kms-app-key.ts';
import { createKmsMessageSealer } from '../../../src/adapters/aws/kms-message-sealer.ts';
import { createSecretVersions } from '../../../src/adapters/aws/secret-versions.ts';
import { createSignedCall, kmsService, secretsService, sqsService } from '../../../src/adapters/aws/signed-call.ts';
import { queueRules } from '../../../src/domain/coordination/queue-rules.ts';
import { functionNames } from '../../../src/runtime/aws/aws-names.ts';
import { parseAwsSettings } from '../../../src/runtime/aws/aws-settings.ts';
import { createTableInput } from '../../../src/runtime/aws/table-definition.ts';
import { type AwsStandIn, awsMissing, startAws } from '../../fakes/aws-stand-in.ts';
import { type DynamoServer, dynamoDbLocal } from '../../fakes/dynamodb-server.ts';
import { createFromTemplate, type StackResources } from '../../fakes/stack-resources.ts';
import { standardStack } from '../../fakes/synthesised-stack.ts';

const missing = awsMissing() ?? dynamoDbLocal.missing();
const skip = missing !== undefined && process.env['CI'] === undefined;

describe.skipIf(skip)(`the stack's resources, made from its template${skip ? `: skipped. ${missing}` : ''}`, () => {
  let aws: AwsStandIn;
  let dynamodb: DynamoServer;
  let made: StackResources;
  const template = standardStack();

  beforeAll(async () => {
    [aws, dynamodb] = await Promise.all([startAws(), dynamoDbLocal.start()]);
    made = await createFromTemplate({
      template,
      aws,
      dynamodb: dynamodb.endpoint,
      parameters: { GithubAppId: '42', Owners: 'octo#9919,hexa' },
      apiUrl: 'http://127.0.0.1:8080',
    });
  }, 120_000);
  afterAll(async () => {
    await aws?.[Symbol.asyncDispose]();
    await dynamodb?.[Symbol.asyncDispose]();
  });

  const place = async () => ({ region: aws.access().region, credentials: await aws.access().credentials() });

  it('make a table with every index, the stream and the time to live that the stores are written against', async () => {
    using client = disposable(new DynamoDBClient({ ...(await place()), endpoint: dynamodb.endpoint }));
    const { Table } = await client.it.send(new DescribeTableCommand({ TableName: made.tableName }));
    const asked = createTableInput('any');
    expect(Table?.KeySchema).toEqual(asked.KeySchema);
    const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    }));
    expect(indexes).toEqual(expect.arrayContaining([...(asked.GlobalSecondaryIndexes ?? [])]));
    expect(indexes).toHaveLength(asked.GlobalSecondaryIndexes?.length ?? 0);
    expect(Table?.StreamSpecification?.StreamViewType).toBe('NEW_AND_OLD_IMAGES');
    expect(Table?.LatestStreamArn).toBe(made.tableStreamArn);
    const { TimeToLiveDescription } = await client.it.send(
      new DescribeTimeToLiveCommand({ TableName: made.tableName }),
    );
    expect(TimeToLiveDescription?.AttributeName).toBe('ttl');
  });

  it('make queues of which one buries in the other', async () => {
    const call = createSignedCall(aws.access(), sqsService);
    const input = { QueueUrl: made.queueUrl, AttributeNames: ['All'] };
    const { Attributes } = await call('GetQueueAttributes', input, { resource: made.queueUrl });
    expect(Attributes).toMatchObject({ VisibilityTimeout: '360', MessageRetentionPeriod: '86400' });
    const { RedrivePolicy } = Attributes as { readonly RedrivePolicy: string };
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(RedrivePolicy);
    expect(maxReceiveCount).toBe(queueRules.maxDeliveries);
    expect(made.deadLetterQueueUrl.endsWith(`/${String(deadLetterTargetArn).split(':').at(-1)}`)).toBe(true);
    expect(made.archiverFailuresUrl).toContain('archiver-failures');
  });

  it('make buckets that keep versions and locks', async () => {
    using client = disposable(new S3Client({ ...(await place()), endpoint: aws.endpoint, forcePathStyle: true }));
    for (const Bucket of [made.artifactsBucket, made.auditBucket])
      expect(await client.it.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Enabled' });
    const { ObjectLockConfiguration } = await client.it.send(
      new GetObjectLockConfigurationCommand({ Bucket: made.auditBucket }),
    );
    expect(ObjectLockConfiguration?.Rule?.DefaultRetention).toMatchObject({ Days: 90, Mode: 'GOVERNANCE' });
  });

  it('make a secret without a value, which takes one', async () => {
    const secrets = createSecretVersions(createSignedCall(aws.access(), secretsService));
    expect(await secrets.current(made.webhookSecretId)).toBeUndefined();
    await secrets.put(made.webhookSecretId, 'of the test', '0123456789abcdef0123456789abcdef');
    expect(await secrets.current(made.webhookSecretId)).toBe('of the test');
  });

  it('make keys that sign as the App and seal', async () => {
    const call = createSignedCall(aws.access(), kmsService);
    const message = Buffer.from('header.claims');
    const signature = await createKmsAppKey(call, made.appKeyId).sign(message);
    const key = createPublicKey({ key: made.appPublicKey, format: 'der', type: 'spki' });
    expect(verify('sha256', message, key, signature)).toBe(true);
    const sealer = createKmsMessageSealer(call, made.sealingKeyId);
    const sealed = await sealer.seal('ghs_token', { installation: '1' });
    expect(await sealer.open(sealed, { installation: '1' })).toBe('ghs_token');
  });

  it.each(functionNames)('tell the function %s all that it reads, and where its AWS is', async (name) => {
    const environment = await made.environmentOf(name);
    const settings = parseAwsSettings(environment, name);
    expect(settings).toMatchObject({ queueUrl: made.queueUrl, logLevel: 'INFO' });
    if ('appId' in settings) expect(settings.appId).toBe(42);
    if ('owners' in settings) expect(settings.owners).toEqual([{ login: 'octo', id: '9919' }, { login: 'hexa' }]);
    if ('coordinatorUrl' in settings) expect(settings.coordinatorUrl).toBe('http://127.0.0.1:8080');
    if ('table' in settings) expect(settings.table).toBe(made.tableName);
    expect(environment['AWS_ENDPOINT_URL_DYNAMODB']).toBe(dynamodb.endpoint);
  });

  it('are refused while a parameter is not given', async () => {
    const options = { template, aws, dynamodb: dynamodb.endpoint, apiUrl: 'http://127.0.0.1' };
    await expect(createFromTemplate(options)).rejects.toThrow(/GithubAppId/);
  });
});

function disposable<C extends { destroy(): void }>(it: C): { readonly it: C } & Disposable {
  return { it, [Symbol.dispose]: () => it.destroy() };
}
