import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { describeError, EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import { createDynamoConnection, type DynamoConnectionOptions } from './dynamo-connection.ts';
import { table as names } from './table.ts';

export interface RecoverableWindow {
  /** Milliseconds since 1970. */
  readonly earliest: number;
  readonly latest: number;
}

export interface PointInTime extends Disposable {
  /** Moments that the table can be restored to; E766 when point-in-time recovery is off. */
  window(table: string): Promise<RecoverableWindow>;
  /** `moment` absent: the latest there is. `exists`: a table of that name is there already. */
  begin(request: { readonly from: string; readonly to: string; readonly moment?: number }): Promise<'begun' | 'exists'>;
  /** Until the table can be read and written; hours, for a large one. */
  untilActive(table: string, onWait: (status: string) => void): Promise<void>;
  /** What a restored table lacks: its stream, its time to live, recovery, protection. May be done again. */
  complete(table: string): Promise<{ readonly streamArn: string }>;
}

export interface PointInTimeOptions extends DynamoConnectionOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const askAgainMs = 10_000;
const longestMs = 24 * 3_600_000;

/** DynamoDB's own recovery: a table as it was at a moment of the last 35 days, under a new name. The old one is not touched. */
export function createPointInTime(options: PointInTimeOptions): PointInTime {
  const { clock, signal } = options;
  const connection = createDynamoConnection(options);
  const sending = { abortSignal: signal };

  const describe = async (table: string): Promise<TableDescription | undefined> => {
    const { sdk, client } = await connection.open();
    const command = new sdk.DescribeTableCommand({ TableName: table });
    return client.send(command, sending).then(
      ({ Table }) => Table,
      (error: unknown) => {
        if (error instanceof sdk.ResourceNotFoundException) return undefined;
        throw error;
      },
    );
  };

  const untilActive = async (table: string, onWait: (status: string) => void): Promise<void> => {
    const until = clock.monotonic() + longestMs;
    for (;;) {
      const status = (await describe(table))?.TableStatus ?? 'not there yet';
      if (status === 'ACTIVE') return;
      if (clock.monotonic() > until)
        throw fault(`${table} is ${status} after a day`, 'look at it in the console of DynamoDB');
      onWait(status);
      await clock.sleep(askAgainMs, signal);
    }
  };

  return {
    window: async (table) => {
      const { sdk, client } = await connection.open();
      const command = new sdk.DescribeContinuousBackupsCommand({ TableName: table });
      const answer = await client.send(command, sending).catch((error: unknown) => {
        throw fault(
          `cannot ask about the backups of ${table} (${describeError(error)})`,
          'check table, region and rights',
          error,
        );
      });
      const { PointInTimeRecoveryDescription: recovery } = answer.ContinuousBackupsDescription ?? {};
      const { EarliestRestorableDateTime: earliest, LatestRestorableDateTime: latest } = recovery ?? {};
      if (recovery?.PointInTimeRecoveryStatus === 'ENABLED') {
        return { earliest: earliest?.getTime() ?? 0, latest: latest?.getTime() ?? clock.now() };
      }
      throw fault(
        `point-in-time recovery is off for ${table}`,
        'entropy-playground deploy switches it on; it remembers from then on',
      );
    },

    begin: async ({ from, to, moment }) => {
      const { sdk, client } = await connection.open();
      const command = new sdk.RestoreTableToPointInTimeCommand({
        SourceTableName: from,
        TargetTableName: to,
        ...(moment === undefined ? { UseLatestRestorableTime: true } : { RestoreDateTime: new Date(moment) }),
      });
      return client.send(command, sending).then(
        () => 'begun' as const,
        (error: unknown) => {
          if (error instanceof sdk.TableAlreadyExistsException || error instanceof sdk.TableInUseException)
            return 'exists';
          throw fault(`cannot restore ${from} (${describeError(error)})`, 'read what DynamoDB says', error);
        },
      );
    },

    untilActive,

    complete: async (table) => {
      const { sdk, client } = await connection.open();
      const before = await describe(table);
      if (before?.StreamSpecification?.StreamEnabled !== true) {
        const StreamSpecification = { StreamEnabled: true, StreamViewType: names.stream } as const;
        await client.send(new sdk.UpdateTableCommand({ TableName: table, StreamSpecification }), sending);
        await untilActive(table, () => undefined);
      }
      if (before?.DeletionProtectionEnabled !== true) {
        await client.send(new sdk.UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: true }), sending);
        await untilActive(table, () => undefined);
      }
      await expire(table);
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      const recovery = { TableName: table, PointInTimeRecoverySpecification };
      await client.send(new sdk.UpdateContinuousBackupsCommand(recovery), sending);
      const streamArn = (await describe(table))?.LatestStreamArn;
      if (streamArn !== undefined) return { streamArn };
      throw fault(`the stream of ${table} is not there`, 'run the same command again');
    },

    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };

  async function expire(table: string): Promise<void> {
    const { sdk, client } = await connection.open();
    const now = await client.send(new sdk.DescribeTimeToLiveCommand({ TableName: table }), sending);
    const status = now.TimeToLiveDescription?.TimeToLiveStatus;
    if (status === 'ENABLED' || status === 'ENABLING') return;
    const TimeToLiveSpecification = { Enabled: true, AttributeName: names.timeToLive };
    await client.send(new sdk.UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification }), sending);
  }
}

function fault(message: string, fix: string, cause?: unknown): EntropyError {
  return new EntropyError({ code: 'E766', message, fix, ...(cause !== undefined && { cause }) });
}
