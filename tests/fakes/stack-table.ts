import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { MakeOptions } from './stack-by-cloudformation.ts';
import { type KnownValues, resolveValue, resourceOf } from './template-values.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
/** Nothing else may be in the template, or this would make another table than CloudFormation does. */
const tableShape = z.strictObject({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z.array(
    z.strictObject({
      IndexName: z.string(),
      KeySchema: keySchema,
      Projection: z.object({
        ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
        NonKeyAttributes: z.array(z.string()).optional(),
      }),
    }),
  ),
  StreamSpecification: z.object({
    StreamViewType: z.enum(['NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY']),
  }),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.literal(true) }),
  // What DynamoDB Local has not: backups, keys of KMS, protection, tags. They change no answer of the table.
  PointInTimeRecoverySpecification: z.unknown(),
  SSESpecification: z.unknown(),
  DeletionProtectionEnabled: z.unknown(),
  Tags: z.unknown(),
});

/** The table with its indexes, its stream and its time to live, by DynamoDB's own operations. */
export async function createTable({ template, access, endpoint, known }: MakeOptions): Promise<KnownValues> {
  const [id, properties] = resourceOf(template, 'AWS::DynamoDB::Table');
  const { SSESpecification: _key, ...others } = properties;
  const declared = tableShape.parse({ ...Object(resolveValue(others, known)), SSESpecification: {} });
  const client = new DynamoDBClient({ region: access.region, endpoint, credentials: await access.credentials() });
  try {
    const TableName = `entropy-${randomUUID()}`;
    const { TableDescription } = await client.send(new CreateTableCommand(tableInput(TableName, declared)));
    const TimeToLiveSpecification = declared.TimeToLiveSpecification;
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    return new Map([
      [`${id}.Ref`, TableName],
      [`${id}.Arn`, TableDescription?.TableArn ?? ''],
      [`${id}.StreamArn`, TableDescription?.LatestStreamArn ?? ''],
    ]);
  } finally {
    client.destroy();
  }
}

function tableInput(TableName: string, declared: z.output<typeof tableShape>): CreateTableCommandInput {
  const { AttributeDefinitions, KeySchema, BillingMode, GlobalSecondaryIndexes, StreamSpecification } = declared;
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    BillingMode,
    GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(({ Projection, ...index }) => {
      const { ProjectionType, NonKeyAttributes } = Projection;
      return { ...index, Projection: { ProjectionType, ...(NonKeyAttributes !== undefined && { NonKeyAttributes }) } };
    }),
    StreamSpecification: { StreamEnabled: true, ...StreamSpecification },
  };
}
