/** The table as data, for whoever may not name an adapter: the stack declares it from here. */
export { toldKinds } from '../../adapters/dynamodb/stream-events.ts';
export { createTableInput, table } from '../../adapters/dynamodb/table.ts';
