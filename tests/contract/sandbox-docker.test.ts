import { describe, it } from 'vitest';
import { rungsOfKind, rungsOfThisMachine } from '../fakes/available-rungs.ts';
import { sandboxCommandsContract } from './sandbox-commands.contract.ts';
import { sandboxFilesContract } from './sandbox-files.contract.ts';
import { sandboxLimitsContract } from './sandbox-limits.contract.ts';
import { sandboxWallsContract } from './sandbox-walls.contract.ts';

/** The same suite in containers; beside the other rungs' file, for it takes far longer. */
const rungs = rungsOfKind(await rungsOfThisMachine(), 'containers');
for (const provider of rungs) {
  sandboxFilesContract(provider);
  sandboxCommandsContract(provider);
  sandboxWallsContract(provider);
  sandboxLimitsContract(provider);
}
describe.runIf(rungs.length === 0)('the sandbox in containers', () => {
  it.skip('is not tried here: sandbox.test.ts tells why', () => undefined);
});
