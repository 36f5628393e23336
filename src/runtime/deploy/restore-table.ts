import { openDynamoTable } from '../../adapters/dynamodb/dynamo-table.ts';
import { createPointInTime, type RecoverableWindow } from '../../adapters/dynamodb/point-in-time.ts';
import { createRestoredTable } from '../../adapters/dynamodb/restored-table.ts';
import { createSystemClock } from '../../adapters/system/system-clock.ts';
import { EntropyError } from '../../domain/error.ts';
import { type RestoredTable, restoreTable } from '../../flows/restore-table.ts';
import type { Clock } from '../../ports/clock.ts';
import { personAwsAccess } from '../aws/aws-access.ts';
import { awsRegion } from './aws-region.ts';

export interface RestoreRequest {
  readonly table: string;
  /** Name of the new table. */
  readonly to: string;
  /** Milliseconds since 1970; the latest moment there is when absent. */
  readonly moment?: number;
  readonly region?: string;
  readonly profile?: string;
  /** Whether the table that is restored from can still be read: then no fence that it granted is granted again. */
  readonly replaced: 'readable' | 'lost';
  readonly onNote: (line: string) => void;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

export interface RestoreReport extends RestoredTable {
  readonly table: string;
  readonly streamArn: string;
}

const requestTimeoutMs = 20_000;

/** Where a restore would begin, without beginning it. */
export async function restoreWindow(request: RestoreRequest): Promise<RecoverableWindow> {
  const access = await accessOf(request);
  using pointInTime = createPointInTime(access);
  const window = await pointInTime.window(request.table);
  const { moment } = request;
  if (moment !== undefined && (moment < window.earliest || moment > window.latest)) {
    const [from, to] = [window.earliest, window.latest].map((at) => new Date(at).toISOString());
    throw new EntropyError({
      code: 'E766',
      message: `${request.table} cannot be restored to ${new Date(moment).toISOString()}`,
      fix: `choose a moment from ${from} to ${to}`,
    });
  }
  return window;
}

/**
 * The table as it was at a moment, under a new name and safe to use: what DynamoDB leaves out is put back, and every fence to come
 * lies above all that were granted. Interrupted, the same command goes on: a table of that name which is there is taken up.
 */
export async function restoreTableTo(request: RestoreRequest): Promise<RestoreReport> {
  const { table, to, moment, replaced, onNote, signal } = request;
  await restoreWindow(request);
  const access = await accessOf(request);
  using pointInTime = createPointInTime(access);
  const begun = await pointInTime.begin({ from: table, to, ...(moment !== undefined && { moment }) });
  onNote(
    begun === 'begun'
      ? `${to} is being restored: 20 minutes or more, whatever its size`
      : `${to} is there: going on with it`,
  );
  await pointInTime.untilActive(to, (status) => onNote(`${to} is ${status}`));
  const { streamArn } = await pointInTime.complete(to);
  onNote(`${to} is there; raising its fences`);
  using restored = openDynamoTable({ ...access, tableName: to });
  using before = openDynamoTable({ ...access, tableName: table });
  const report = await restoreTable(
    {
      restored: createRestoredTable(restored, access.clock),
      ...(replaced === 'readable' && { replaced: createRestoredTable(before, access.clock) }),
      clock: access.clock,
    },
    signal,
  );
  return { table: to, streamArn, ...report };
}

async function accessOf({ region, profile, signal, clock = createSystemClock() }: RestoreRequest) {
  const place = await awsRegion(region, profile);
  const access = personAwsAccess(clock, { ...(profile && { profile }), ...(place && { region: place }) });
  return { region: access.region, credentials: access.credentials, clock, signal, requestTimeoutMs };
}
