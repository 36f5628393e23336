import { openArchiverFunction } from '../../src/runtime/aws/archiver-function.ts';

/** The table's stream: numbered, archived, and whoever waits for a budget woken (docs/dynamodb.md). */
export const handler = openArchiverFunction();
