import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { grantsOf } from '../../../scripts/stack-grants.ts';
import { standardStack } from '../../fakes/synthesised-stack.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** What functions ask of AWS, as IAM calls it. `TransactWriteItems` is allowed by the writes within it. */
const ofFunctions: Readonly<Record<string, readonly string[]>> = {
  BatchGetItem: ['dynamodb:BatchGetItem'],
  ChangeMessageVisibility: ['sqs:ChangeMessageVisibility'],
  ChangeMessageVisibilityBatch: ['sqs:ChangeMessageVisibility'],
  Decrypt: ['kms:Decrypt'],
  DeleteMessage: ['sqs:DeleteMessage'],
  Encrypt: ['kms:Encrypt'],
  GetItem: ['dynamodb:GetItem'],
  GetObject: ['s3:GetObject', 's3:GetObjectVersion'],
  GetObjectTagging: ['s3:GetObjectVersionTagging'],
  GetQueueAttributes: ['sqs:GetQueueAttributes'],
  GetSecretValue: ['secretsmanager:GetSecretValue'],
  HeadObject: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'],
  ListObjectVersions: ['s3:ListBucketVersions'],
  PutItem: ['dynamodb:PutItem'],
  PutObject: ['s3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload'],
  PutObjectTagging: ['s3:PutObjectVersionTagging'],
  Query: ['dynamodb:Query'],
  ReceiveMessage: ['sqs:ReceiveMessage'],
  SendMessage: ['sqs:SendMessage'],
  Sign: ['kms:Sign'],
  TransactWriteItems: ['dynamodb:ConditionCheckItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  UpdateItem: ['dynamodb:UpdateItem'],
};

/** Asked by commands on a person's machine, with that person's rights: no function may. */
const ofPersons = [
  'DeleteObject',
  'DescribeContinuousBackups',
  'DescribeKey',
  'DescribeStacks',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetCallerIdentity',
  'GetParameter',
  'GetParametersForImport',
  'GetPublicKey',
  'GetTemplate',
  'ImportKeyMaterial',
  'ListStackResources',
  'PutSecretValue',
  'RestoreTableToPointInTime',
  'Scan',
  'UpdateContinuousBackups',
  'UpdateSecretVersionStage',
  'UpdateTable',
  'UpdateTimeToLive',
];

/** What services do in the name of a function's role, or what the key of table and queue is used for by them. */
const ofServices = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
  'kms:DescribeKey',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
];

describe('what the program asks of AWS', () => {
  const sources = globSync('src/adapters/{aws,dynamodb}/*.ts', { cwd: root }).map((file) =>
    readFileSync(path.join(root, file), 'utf8'),
  );
  const asked = new Set(
    sources.flatMap((source) => [
      ...[...source.matchAll(/new sdk\.([A-Za-z]+)Command\b/g)].map(([, operation = '']) => operation),
      ...[...source.matchAll(/(?<!s3\.)\b(?:ask|call|unlessOver)\('([A-Z][A-Za-z]+)'/g)].map(
        ([, operation = '']) => operation,
      ),
    ]),
  );

  it('is known here, each operation as one of functions or of persons', () => {
    expect(asked.size).toBeGreaterThan(30);
    expect([...asked].sort()).toEqual([...Object.keys(ofFunctions), ...ofPersons].sort());
  });

  it('is just what some function is granted: no less, and nothing that nobody asks for', () => {
    const granted = new Set(grantsOf(standardStack()).flatMap(({ actions }) => actions));
    const needed = new Set([...Object.values(ofFunctions).flat(), ...ofServices]);
    expect([...granted].sort()).toEqual([...needed].sort());
  });
});
