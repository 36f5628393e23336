import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { createTableInput, table as definition } from '../../src/runtime/aws/table-definition.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import { allow, type Grantee } from './statement.ts';

interface CoordinationTableProps {
  readonly keys: EncryptionKeys;
  readonly removal: 'retain' | 'destroy';
  /** Stream of a table that was restored and is used in place of one of the stack's own. */
  readonly restored: string | undefined;
}

/** The one table, declared from the data that the stores are written against, or one that was restored as such. */
export class CoordinationTable extends Construct {
  readonly table: Table | ITable;
  readonly #keys: EncryptionKeys;
  readonly #indexArns: readonly string[];

  constructor(scope: Construct, id: string, { keys, removal, restored }: CoordinationTableProps) {
    super(scope, id);
    this.#keys = keys;
    const declared = createTableInput('the stack names it');
    const indexes = declared.GlobalSecondaryIndexes ?? [];
    this.table = restored === undefined ? this.#declare(declared, removal) : this.#take(restored);
    this.#indexArns = indexes.map(({ IndexName }) => `${this.table.tableArn}/index/${IndexName}`);
  }

  /** It has the indexes, and is encrypted with the key, of the table that it was restored from. */
  #take(streamArn: string): ITable {
    const [tableArn = ''] = streamArn.split('/stream/');
    const encryptionKey = this.#keys.data;
    return Table.fromTableAttributes(this, 'Restored', { tableArn, tableStreamArn: streamArn, encryptionKey });
  }

  #declare(declared: Declared, removal: CoordinationTableProps['removal']): Table {
    const table = new Table(this, 'Table', {
      ...keysOf(declared.KeySchema, declared.AttributeDefinitions),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.#keys.data,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      stream: StreamViewType[definition.stream],
      timeToLiveAttribute: definition.timeToLive,
      deletionProtection: removal === 'retain',
      removalPolicy: removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const { IndexName, KeySchema, Projection } of declared.GlobalSecondaryIndexes ?? [])
      table.addGlobalSecondaryIndex({
        indexName: IndexName ?? '',
        ...keysOf(KeySchema, declared.AttributeDefinitions),
        projectionType: ProjectionType[Projection?.ProjectionType ?? 'ALL'],
        ...(Projection?.NonKeyAttributes !== undefined && { nonKeyAttributes: [...Projection.NonKeyAttributes] }),
      });
    return table;
  }

  grantReadWrite(grantee: Grantee): void {
    allow(grantee, {
      sid: 'Items',
      actions: [
        'dynamodb:BatchGetItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      resources: [this.table.tableArn],
    });
    allow(grantee, { sid: 'Indexes', actions: ['dynamodb:Query'], resources: this.#indexArns });
    this.#keys.grantThroughTable(grantee);
  }

  /** Reads items by their keys, through no index. */
  grantReadItems(grantee: Grantee): void {
    allow(grantee, {
      sid: 'ReadItems',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      resources: [this.table.tableArn],
    });
    this.#keys.grantThroughTable(grantee);
  }

  /** Puts items into partitions of these patterns, and takes none away. */
  grantPutItems(grantee: Grantee, partitions: readonly string[]): void {
    allow(grantee, {
      sid: 'PutItems',
      actions: ['dynamodb:PutItem'],
      resources: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitions] } },
    });
  }

  /** As the service that calls the function reads it, by the function's role. */
  grantStream(grantee: Grantee): void {
    allow(grantee, {
      sid: 'Stream',
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      resources: [this.streamArn],
    });
  }

  get streamArn(): string {
    const { tableStreamArn } = this.table;
    if (tableStreamArn === undefined) throw new Error('the table was declared without its stream');
    return tableStreamArn;
  }
}

type Declared = ReturnType<typeof createTableInput>;

function keysOf(schema: Declared['KeySchema'], attributes: Declared['AttributeDefinitions']) {
  const key = (kind: 'HASH' | 'RANGE'): Attribute => {
    const name = schema?.find(({ KeyType }) => KeyType === kind)?.AttributeName;
    const type = attributes?.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
    if (name === undefined || type === undefined) throw new Error(`a key of the table has no ${kind} attribute`);
    return { name, type: type === 'N' ? AttributeType.NUMBER : AttributeType.STRING };
  };
  return { partitionKey: key('HASH'), sortKey: key('RANGE') };
}
