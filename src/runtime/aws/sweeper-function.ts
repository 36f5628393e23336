import { openDispatching } from './open-dispatching.ts';
import type { SweeperFunction } from './sweeper-work.ts';

/** The function of every minute. */
export function openSweeperFunction(): SweeperFunction {
  return openDispatching('sweeper', async () => (await import('./sweeper-work.ts')).sweeperFunction);
}
