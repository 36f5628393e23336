import { describe, it } from 'vitest';
import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import { unshareSandbox } from '../../src/adapters/linux-namespaces/unshare.ts';
import { never } from '../fakes/sandbox-room.ts';
import { sandboxCommandsContract } from './sandbox-commands.contract.ts';
import { sandboxLimitsContract } from './sandbox-limits.contract.ts';
import { sandboxWallsContract } from './sandbox-walls.contract.ts';

/** Every rung passes the same suite. A rung that this machine cannot have is named; in CI that is a failure. */
for (const provider of [bubblewrapSandbox(), unshareSandbox()]) {
  const availability = await provider.probe(never);
  if (availability.kind === 'available') {
    sandboxCommandsContract(provider);
    sandboxWallsContract(provider);
    sandboxLimitsContract(provider);
  } else {
    const title = `the ${provider.rung} sandbox cannot be had on this machine: ${availability.reason}`;
    describe('the sandbox ladder', () => {
      if (process.env['CI'] !== 'true') it.skip(title, () => undefined);
      else
        it(title, () => {
          throw new Error(availability.fix);
        });
    });
  }
}
