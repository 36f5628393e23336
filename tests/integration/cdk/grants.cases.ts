import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { callersOf, type Grant, grantsOf, resourcePoliciesOf } from '../../../scripts/stack-grants.ts';
import { createTableInput } from '../../../src/runtime/aws/table-definition.ts';
import { standardStack } from '../../fakes/synthesised-stack.ts';
import type { StackTemplate } from '../../fakes/template-values.ts';

const template = standardStack();

/** One line for each statement: sid, actions, resources, condition. */
type Row = readonly [sid: string, actions: string, resources: string, condition?: string];

const indexes = (createTableInput('any').GlobalSecondaryIndexes ?? [])
  .map(({ IndexName }) => `CoordinationTable.Arn/index/${IndexName}`)
  .sort()
  .join(' ');
const through = (service: string): string => `StringEquals kms:ViaService ${service}.AWS::Region.amazonaws.com`;

const ownLog = (log: string): Row => ['OwnLog', 'logs:CreateLogStream logs:PutLogEvents', `${log}Log.Arn`];
const keyThroughQueue: Row = ['KeyThroughQueue', 'kms:Decrypt kms:GenerateDataKey', 'KeysData.Arn', through('sqs')];
const tableRows: readonly Row[] = [
  ['Indexes', 'dynamodb:Query', indexes],
  [
    'Items',
    'dynamodb:BatchGetItem dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
    'CoordinationTable.Arn',
  ],
  [
    'KeyThroughTable',
    'kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext kms:ReEncryptFrom kms:ReEncryptTo',
    'KeysData.Arn',
    through('dynamodb'),
  ],
];
const keyThroughTable = tableRows.filter(([sid]) => sid === 'KeyThroughTable');
const readRows = (files: string, folder: string): readonly Row[] => [
  [`Get${files}`, 's3:GetObject s3:GetObjectVersion s3:GetObjectVersionTagging', `Files${files}Bucket.Arn/${folder}/*`],
  [`List${files}`, 's3:ListBucket s3:ListBucketVersions', `Files${files}Bucket.Arn`],
];
const fileRows = (files: string, folder: string): readonly Row[] => [
  ...readRows(files, folder),
  [
    `Put${files}`,
    's3:AbortMultipartUpload s3:PutObject s3:PutObjectTagging s3:PutObjectVersionTagging',
    `Files${files}Bucket.Arn/${folder}/*`,
  ],
];
const appRows: readonly Row[] = [
  [
    'SealTokens',
    'kms:Decrypt kms:Encrypt',
    'KeysData.Arn',
    'StringEquals kms:EncryptionContext:purpose installation-token',
  ],
  ['SignAsApp', 'kms:Sign', 'KeysApp.Arn', 'StringEquals kms:SigningAlgorithm RSASSA_PKCS1_V1_5_SHA_256'],
];
const redriveRows: readonly Row[] = [
  [
    'ReadDeadLetters',
    'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
    'WorkDeadLetters.Arn',
  ],
  ['RedriveToTasks', 'sqs:GetQueueAttributes sqs:SendMessage', 'WorkTasks.Arn'],
];

/** All that the functions may do. A new line here is a decision. */
const granted: Readonly<Record<string, readonly Row[]>> = {
  Webhook: [
    keyThroughQueue,
    ownLog('Webhook'),
    [
      'ReadWebhookSecret',
      'secretsmanager:GetSecretValue',
      'WebhookSecret.Id',
      'StringEquals secretsmanager:VersionStage [AWSCURRENT, AWSPREVIOUS]',
    ],
    ['SendTasks', 'sqs:SendMessage', 'WorkTasks.Arn'],
  ],
  Dispatcher: [
    ...tableRows,
    ...fileRows('Artifacts', 'runs'),
    ...appRows,
    keyThroughQueue,
    ownLog('Dispatcher'),
    ['BuryDeadLetters', 'sqs:SendMessage', 'WorkDeadLetters.Arn'],
    [
      'WorkOffTasks',
      'sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage sqs:SendMessage',
      'WorkTasks.Arn',
    ],
  ],
  Api: [...tableRows, ...fileRows('Artifacts', 'runs'), ...appRows, ...redriveRows, keyThroughQueue, ownLog('Api')],
  Sweeper: [
    ...tableRows,
    ...readRows('Artifacts', 'runs'),
    ...appRows,
    ...redriveRows,
    keyThroughQueue,
    ownLog('Sweeper'),
  ],
  Archiver: [
    ...keyThroughTable,
    ['ReadItems', 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query', 'CoordinationTable.Arn'],
    [
      'PutItems',
      'dynamodb:PutItem',
      'CoordinationTable.Arn',
      'ForAllValues:StringLike dynamodb:LeadingKeys [LOG, LOG#*, LOG-OF#*, NUMBERED#*, CURSOR#activity-archive]',
    ],
    ...fileRows('Audit', 'activity'),
    keyThroughQueue,
    ownLog('Archiver'),
    ['SendTasks', 'sqs:SendMessage', 'WorkTasks.Arn'],
    [
      'Stream',
      'dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams',
      'CoordinationTable.StreamArn',
    ],
    ['TellFailures', 'sqs:SendMessage', 'ArchiveFailures.Arn'],
  ],
};

function rowsOf(from: StackTemplate, who: string): readonly Row[] {
  return grantsOf(from)
    .filter((grant) => grant.who === who)
    .map(rowOf);
}

function rowOf({ sid, actions, resources, condition }: Grant): Row {
  const row = [sid, actions.join(' '), resources.join(' ')] as const;
  return condition === '' ? row : [...row, condition];
}

const bySid = (rows: readonly Row[]): readonly Row[] => [...rows].sort(([a], [b]) => a.localeCompare(b));

describe('what the functions may do', () => {
  it.each(Object.keys(granted))('is exactly what is written here: %s', (who) => {
    expect(rowsOf(template, who)).toEqual(bySid(granted[who] ?? []));
  });

  it('is granted to no role besides', () => {
    expect([...new Set(grantsOf(template).map(({ who }) => who))].sort()).toEqual(Object.keys(granted).sort());
    expect(grantsOf(template).every(({ effect }) => effect === 'Allow')).toBe(true);
  });

  it('names every action, and a wildcard only for objects below one prefix of one bucket', () => {
    for (const { sid, actions, resources } of grantsOf(template)) {
      expect(actions.join(' '), sid).not.toContain('*');
      for (const resource of resources.filter((each) => each.includes('*')))
        expect(resource, sid).toMatch(/^Files(Artifacts|Audit)Bucket\.Arn\/(runs|activity)\/\*$/);
    }
  });

  it('covers the context in which tokens are sealed', () => {
    const flow = readFileSync(path.join(import.meta.dirname, '../../../src/flows/installation-token.ts'), 'utf8');
    expect(flow).toContain("purpose: 'installation-token'");
  });

  it('would be seen to grow by one statement', () => {
    const [id, policy] =
      Object.entries(template.Resources).find(([key]) => key.startsWith('WebhookRoleDefaultPolicy')) ?? [];
    if (id === undefined || policy === undefined) throw new Error('the webhook has no policy');
    const table = 'CoordinationTableB8240530';
    const planted = {
      Sid: 'Planted',
      Effect: 'Allow',
      Action: 'dynamodb:PutItem',
      Resource: { 'Fn::GetAtt': [table, 'Arn'] },
    };
    const document = Object(policy.Properties?.['PolicyDocument']);
    const PolicyDocument = { ...document, Statement: [...document.Statement, planted] };
    const grown: StackTemplate = {
      ...template,
      Resources: { ...template.Resources, [id]: { ...policy, Properties: { ...policy.Properties, PolicyDocument } } },
    };
    expect(rowsOf(grown, 'Webhook')).not.toEqual(rowsOf(template, 'Webhook'));
    expect(rowsOf(grown, 'Webhook')).toContainEqual(['Planted', 'dynamodb:PutItem', 'CoordinationTable.Arn']);
  });
});

describe('who may call a function', () => {
  it('is the HTTP API and the schedule; queue and stream are read in the name of the function', () => {
    const api = 'apigateway.amazonaws.com arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:HttpApi';
    expect(callersOf(template)).toEqual([
      `Api ← ${api}/*/*`,
      'Sweeper ← events.amazonaws.com SweepRule.Arn',
      `Webhook ← ${api}/*/*/webhook`,
    ]);
  });
});

describe('what resources allow and forbid by themselves', () => {
  const lines = resourcePoliciesOf(template).map(({ who, effect, principal, actions, condition }) =>
    [who.replace(/Policy$/, ''), effect, principal, actions.join(' '), condition].join(' | '),
  );

  it('is no access for anybody but the account, CloudWatch and the access logs', () => {
    const account = 'arn:AWS::Partition:iam::AWS::AccountId:root';
    const logs = (bucket: string): string =>
      `FilesAccessLogs | Allow | logging.s3.amazonaws.com | s3:PutObject | ArnLike aws:SourceArn Files${bucket}Bucket.Arn; StringEquals aws:SourceAccount AWS::AccountId`;
    expect(lines.filter((line) => line.includes('| Allow |'))).toEqual([
      logs('Artifacts'),
      logs('Audit'),
      `KeysApp | Allow | ${account} | kms:* | `,
      `KeysData | Allow | ${account} | kms:* | `,
      'ToldTopic | Allow | cloudwatch.amazonaws.com | sns:Publish | StringEquals aws:SourceAccount AWS::AccountId',
    ]);
  });

  it('is no way without TLS into any queue, bucket or topic', () => {
    const plain = lines.filter((line) => line.endsWith('| Bool aws:SecureTransport false'));
    expect(plain.map((line) => line.split(' | ').slice(0, 2).join(' '))).toEqual([
      'ArchiveFailures Deny',
      'FilesAccessLogs Deny',
      'FilesArtifactsBucket Deny',
      'FilesAuditBucket Deny',
      'ToldTopic Deny',
      'WorkDeadLetters Deny',
      'WorkTasks Deny',
    ]);
  });

  it('is no put over what lies there, and no removal from the archive', () => {
    const once = '* | s3:PutObject | Null s3:if-none-match true; Bool s3:ObjectCreationOperation true';
    expect(lines).toContain(`FilesArtifactsBucket | Deny | ${once}`);
    expect(lines).toContain(`FilesAuditBucket | Deny | ${once}`);
    expect(lines).toContain(
      'FilesAuditBucket | Deny | * | s3:BypassGovernanceRetention s3:DeleteObject s3:DeleteObjectVersion | ',
    );
  });
});
