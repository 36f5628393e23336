import { cursorKey } from '../../adapters/dynamodb/access-keys.ts';
import { logPartitions } from '../../adapters/dynamodb/log-keys.ts';
import { archiveCursor } from '../../flows/archive-activity.ts';

/** The table as data, for whoever may not name an adapter: the stack declares it from here. */
export { toldKinds } from '../../adapters/dynamodb/stream-events.ts';
export { createTableInput, table } from '../../adapters/dynamodb/table.ts';

/** Patterns of the partitions that the archiver puts items into: the log, how far it has come, and its cursor. */
export const archiverPartitions: readonly string[] = [...logPartitions, cursorKey(archiveCursor).pk];
