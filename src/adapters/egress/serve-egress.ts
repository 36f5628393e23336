import { describeError } from '../../domain/error.ts';
import type { Egress } from '../../ports/egress.ts';
import type { FromEgress, ToEgress } from './egress-protocol.ts';
import { openEgress } from './open-egress.ts';

/**
 * The process of a way out: a clean environment, no key, no token. It does what its parent says and leaves when that is gone.
 */
export async function serveEgress(): Promise<void> {
  let egress: Egress | undefined;
  const gone = new Promise<void>((resolve) => process.once('disconnect', resolve));
  process.on('message', (message: ToEgress) => {
    if (message.type === 'report') return void egress?.report().then((report) => say({ type: 'report', report }));
    openEgress(message.request).then(
      (opened) => {
        egress = opened;
        say({ type: 'open' });
      },
      (error: unknown) => say({ type: 'failed', why: describeError(error) }),
    );
  });
  // The runner sends these to the whole group on a cancel; the parent closes the channel when it is through.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => undefined);
  await gone;
  process.exit();
}

function say(message: FromEgress): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
