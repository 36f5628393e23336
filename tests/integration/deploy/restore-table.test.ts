import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoClaimStore } from '../../../src/adapters/dynamodb/claim-store.ts';
import { type DynamoTable, openDynamoTable } from '../../../src/adapters/dynamodb/dynamo-table.ts';
import { createTableInput } from '../../../src/adapters/dynamodb/table.ts';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { restoreTableTo } from '../../../src/runtime/deploy/restore-table.ts';
import { granted, request } from '../../contract/claim-store.fixture.ts';
import { runCommand } from '../../fakes/command-line.ts';
import { type DynamoServer, moto } from '../../fakes/dynamodb-server.ts';

const missing = moto.missing();
if (missing !== undefined && process.env['CI'] !== undefined) throw new Error(missing);

describe.skipIf(missing !== undefined)('a table that is restored to an earlier moment', () => {
  let server: DynamoServer;
  let env: Readonly<Record<string, string>>;
  let client: DynamoDBClient;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const clock = createSystemClock();

  beforeAll(async () => {
    server = await moto.start();
    env = {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    Object.assign(process.env, env);
    client = new DynamoDBClient({ region: 'eu-central-1', endpoint: server.endpoint, credentials });
    const { StreamSpecification: _stream, ...table } = createTableInput('before');
    await client.send(new CreateTableCommand(table));
  }, 60_000);

  afterAll(async () => {
    client.destroy();
    for (const name of Object.keys(env)) delete process.env[name];
    await server[Symbol.asyncDispose]();
  });

  const open = (tableName: string): DynamoTable =>
    openDynamoTable({ tableName, endpoint: server.endpoint, region: 'eu-central-1', credentials, clock });
  const dryRun = (...more: readonly string[]) =>
    runCommand(['state', 'restore-table', 'before', '--to', 'after', '--dry-run', '--json', ...more], { env });

  test('is refused where nothing is remembered', async () => {
    const { code, json } = await dryRun();
    expect({ code, error: json.error.code }).toEqual({ code: 1, error: 'E766' });
    expect(json.error.message).toContain('point-in-time recovery is off');
  });

  test('gets back what DynamoDB leaves out, and grants no fence that was ever granted', async () => {
    using before = open('before');
    const claims = createDynamoClaimStore(before, clock);
    const first = granted(await claims.acquire(request('1', { key: 'github/octo/slug/issues/1' })));
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await client.send(new UpdateContinuousBackupsCommand({ TableName: 'before', PointInTimeRecoverySpecification }));

    const told = await dryRun();
    expect(told.json).toMatchObject({ dryRun: true, from: 'before', table: 'after' });
    expect(told.json.next.join('\n')).toContain('--set tableStreamArn=');
    const outside = await dryRun('--at', '2001-01-01T00:00:00Z');
    expect(outside.json.error.message).toContain('cannot be restored to 2001');

    const notes: string[] = [];
    // What waits until everybody knows the new floor is not waited for here.
    const impatient = { ...clock, sleep: async () => undefined };
    const restore = () =>
      restoreTableTo({
        table: 'before',
        to: 'after',
        replaced: 'readable',
        onNote: (line) => void notes.push(line),
        signal: new AbortController().signal,
        clock: impatient,
      });
    const report = await restore();
    expect(report).toMatchObject({ table: 'after', held: 1, differences: [] });
    expect(report.streamArn).toContain('table/after/stream/');
    expect(report.fenceFloor).toBeGreaterThan(first.fence);

    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'after' }));
    expect(Table?.StreamSpecification).toMatchObject({ StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(Table?.DeletionProtectionEnabled).toBe(true);
    expect(Table?.GlobalSecondaryIndexes?.length).toBe(createTableInput('x').GlobalSecondaryIndexes?.length);
    const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: 'after' }));
    expect(ttl.TimeToLiveDescription?.AttributeName).toBe('ttl');

    using after = open('after');
    const other = granted(await createDynamoClaimStore(after, clock).acquire(request('2', { key: 'locks/new' })));
    expect(other.fence).toBeGreaterThan(report.fenceFloor);

    // Interrupted after the table was made: the same command goes on with it.
    await restore();
    expect(notes.some((line) => line.includes('going on with it'))).toBe(true);
  });
});
