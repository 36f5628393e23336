import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { createS3ObjectStore } from '../../adapters/aws/s3-object-store.ts';
import { createSqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { createDynamoActivityLog } from '../../adapters/dynamodb/activity-log.ts';
import { createDynamoCursorStore } from '../../adapters/dynamodb/cursor-store.ts';
import { openDynamoTable } from '../../adapters/dynamodb/dynamo-table.ts';
import { createDynamoNumbering } from '../../adapters/dynamodb/number-changes.ts';
import type { ItemChange } from '../../adapters/dynamodb/stream-events.ts';
import { changeOfRecord } from '../../adapters/dynamodb/stream-record.ts';
import { createDynamoWaitingList } from '../../adapters/dynamodb/waiting-list.ts';
import { createSystemClock } from '../../adapters/system/system-clock.ts';
import { EntropyError } from '../../domain/error.ts';
import { type ArchiverRoom, archiveChanges } from '../../flows/archive-changes.ts';
import type { Clock } from '../../ports/clock.ts';
import { readAwsSettings } from '../config.ts';
import { functionAwsAccess } from './aws-access.ts';
import { type FunctionLog, openFunctionLog } from './function-log.ts';

export type ArchiverFunction = (
  event: DynamoDBStreamEvent,
  context: { getRemainingTimeInMillis(): number },
) => Promise<DynamoDBBatchResponse>;

/** What reads the table's stream, by the settings of its stack. */
export function openArchiverFunction(): ArchiverFunction {
  const settings = readAwsSettings('archiver');
  const clock = createSystemClock();
  const access = functionAwsAccess(clock);
  const { region, credentials } = access;
  const table = openDynamoTable({ tableName: settings.table, clock, region, credentials });
  const log = openFunctionLog({ name: 'archiver', ...settings });
  const room: ArchiverRoom<ItemChange> = {
    numbering: createDynamoNumbering(table, clock),
    activity: createDynamoActivityLog(table, clock),
    cursors: createDynamoCursorStore(table),
    waiting: createDynamoWaitingList(table),
    queue: createSqsTaskQueue({ access, queueUrl: settings.queueUrl }),
    archive: createS3ObjectStore({ access, bucket: settings.auditBucket }),
  };
  return archiverFunction({ room, clock, log });
}

export interface ArchiverParts {
  readonly room: ArchiverRoom<ItemChange>;
  readonly clock: Clock;
  readonly log: FunctionLog;
}

/** Kept for telling what happened, before the function is stopped. */
const spareMs = 2_000;

/**
 * One batch of the stream. What cannot be numbered yet is told by its sequence number, and the batch is given again from
 * there on; any fault gives all of it again. So nothing is passed over, and the age of the stream tells when it does not move.
 */
export function archiverFunction({ room, clock, log }: ArchiverParts): ArchiverFunction {
  return async ({ Records }, context) => {
    const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - spareMs));
    try {
      const { numbered, stuck, woken, archived } = await archiveChanges(room, Records.map(changeOfRecord), signal);
      const { objects, events, last } = archived;
      if (last !== undefined) log.count('ArchiveLagMs', Math.max(0, clock.now() - last.at));
      log.info('changes archived', { records: Records.length, numbered, woken, objects, events, last: last?.seq });
      if (stuck === undefined) return { batchItemFailures: [] };
      const failed = Records[stuck.index]?.dynamodb?.SequenceNumber;
      log.error('a change cannot be numbered; the batch is read again from there on', stuckAt(stuck.reason), {
        record: failed,
      });
      if (failed === undefined) throw stuckAt(stuck.reason);
      return { batchItemFailures: [{ itemIdentifier: failed }] };
    } catch (error) {
      log.error('the batch is read again', error, { records: Records.length });
      throw error;
    } finally {
      log.flush();
    }
  };
}

function stuckAt(reason: string): EntropyError {
  return new EntropyError({
    code: 'E710',
    message: `the activity log cannot go on: ${reason}`,
    fix: 'nothing at first: the change before it may be read late, and after 15 minutes the log goes on without it. An item that cannot be read stays: docs/runbook.md#archive-lag',
    retryable: true,
  });
}
