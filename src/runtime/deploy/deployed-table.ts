import { type DynamoTable, type DynamoTableOptions, openDynamoTable } from '../../adapters/dynamodb/dynamo-table.ts';

/** A person's machine is farther away than a function of the stack. */
const requestTimeoutMs = 10_000;

/** A table of the stack, with the credentials of the person. */
export function openDeployedTable(place: Omit<DynamoTableOptions, 'requestTimeoutMs'>): DynamoTable {
  return openDynamoTable({ ...place, requestTimeoutMs });
}
