import type { DispatcherFunction } from './dispatcher-work.ts';
import { openDispatching } from './open-dispatching.ts';

/** The function behind the queue. */
export function openDispatcherFunction(): DispatcherFunction {
  return openDispatching('dispatcher', async () => (await import('./dispatcher-work.ts')).dispatcherFunction);
}
