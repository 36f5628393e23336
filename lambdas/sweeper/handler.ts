import { openSweeperFunction } from '../../src/runtime/aws/sweeper-function.ts';

/** Every minute: what time or a fault left undone (docs/dispatch.md). */
export const handler = openSweeperFunction();
