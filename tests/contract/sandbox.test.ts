import { describe, it } from 'vitest';
import { seatbeltSandbox } from '../../src/adapters/host-process/seatbelt.ts';
import { rungsOfKind, rungsOfThisMachine } from '../fakes/available-rungs.ts';
import { sandboxCommandsContract } from './sandbox-commands.contract.ts';
import { sandboxFilesContract } from './sandbox-files.contract.ts';
import { sandboxLimitsContract } from './sandbox-limits.contract.ts';
import { sandboxWallsContract } from './sandbox-walls.contract.ts';

const machine = await rungsOfThisMachine();
const { missing } = machine;

/** Every rung passes the same suite. A rung that this machine cannot have is named; in CI that is a failure, but for an engine of
 * containers, which not every machine for CI may have. */
for (const provider of rungsOfKind(machine, 'fast')) {
  sandboxFilesContract(provider);
  sandboxCommandsContract(provider);
  sandboxWallsContract(provider);
  sandboxLimitsContract(provider);
}

for (const provider of rungsOfKind(machine, 'files only')) {
  sandboxFilesContract(provider);
}

const seatbelt = await seatbeltSandbox().probe(AbortSignal.timeout(10_000));

describe('the sandbox ladder', () => {
  // Where it can be had, nobody has tried it: the suite asks for Linux's own programs.
  const why = seatbelt.kind === 'available' ? 'it was never tried' : seatbelt.reason;
  it.skip(`has no seatbelt rung in this suite: ${why}`, () => undefined);
  for (const { rung, reason, fix } of missing) {
    const title = `has no ${rung} rung on this machine: ${reason}`;
    if (process.env['CI'] !== 'true' || rung === 'docker') it.skip(title, () => undefined);
    else
      it(title, () => {
        throw new Error(fix);
      });
  }
});
