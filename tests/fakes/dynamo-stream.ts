import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ItemChange } from '../../src/adapters/dynamodb/stream-events.ts';

interface StreamAnswer {
  readonly Streams?: readonly { readonly StreamArn: string }[];
  readonly StreamDescription?: { readonly Shards: readonly { readonly ShardId: string }[] };
  readonly ShardIterator?: string;
  readonly NextShardIterator?: string;
  readonly Records?: readonly StreamRecord[];
}

/** As a function of the stack is given it. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly OldImage?: Record<string, AttributeValue>;
    readonly NewImage?: Record<string, AttributeValue>;
    readonly SequenceNumber: string;
  };
}

export const changeOf = ({ dynamodb }: StreamRecord): ItemChange => ({
  before: dynamodb.OldImage,
  after: dynamodb.NewImage,
});

/** All that the stream of a table of DynamoDB Local tells. */
export async function readTableStream(endpoint: string, tableName: string): Promise<readonly ItemChange[]> {
  return (await readStreamRecords(endpoint, tableName)).map(changeOf);
}

/** `account`: the access key id of whoever made the table, since the server keeps what is of each key and region apart. */
export async function readStreamRecords(
  endpoint: string,
  tableName: string,
  account = 'test',
): Promise<readonly StreamRecord[]> {
  return openStreamReader(endpoint, tableName, account).next();
}

export interface StreamReader {
  /** What was told since the last time; from the beginning the first time. */
  next(): Promise<readonly StreamRecord[]>;
}

export function openStreamReader(endpoint: string, tableName: string, account: string): StreamReader {
  const ask = async (operation: string, body: object): Promise<StreamAnswer> => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        // It checks no signature.
        authorization: `AWS4-HMAC-SHA256 Credential=${account}/20261121/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  /** By shard: where it goes on; undefined when it has ended. */
  const iterators = new Map<string, string | undefined>();

  return {
    next: async () => {
      const { Streams = [] } = await ask('ListStreams', { TableName: tableName });
      const StreamArn = Streams[0]?.StreamArn;
      if (StreamArn === undefined) throw new Error(`the table ${tableName} has no stream`);
      const { StreamDescription } = await ask('DescribeStream', { StreamArn });
      const records: StreamRecord[] = [];
      for (const { ShardId } of StreamDescription?.Shards ?? []) {
        if (!iterators.has(ShardId)) {
          const first = await ask('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
          iterators.set(ShardId, first.ShardIterator);
        }
        for (let iterator = iterators.get(ShardId); iterator !== undefined; ) {
          const page: StreamAnswer = await ask('GetRecords', { ShardIterator: iterator });
          const { Records = [], NextShardIterator } = page;
          records.push(...Records);
          iterators.set(ShardId, NextShardIterator);
          // A shard that is still written to has no end: an empty page is the end for now.
          iterator = Records.length === 0 ? undefined : NextShardIterator;
        }
      }
      return records;
    },
  };
}
