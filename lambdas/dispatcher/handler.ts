import { openDispatcherFunction } from '../../src/runtime/aws/dispatcher-function.ts';

/** What the webhook queued: admitted, reserved, started (docs/dispatch.md). */
export const handler = openDispatcherFunction();
