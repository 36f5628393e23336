import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRung } from '../../domain/run-result.ts';
import type { Sandbox, SandboxLimits } from '../../ports/sandbox.ts';
import { type PipePool, pipePool } from './command-pipes.ts';
import { type DescriptorMasks, maskDescriptors } from './inherited-descriptors.ts';
import { pidOne } from './pid-one.ts';
import { runCommand } from './run-command.ts';

/**
 * All that is needed to run commands in a sandbox that stands: plain data, so that another process of the same user can
 * do so too. The sandbox stands as long as the process that opened it keeps it open.
 */
export interface SandboxPass {
  readonly rung: SandboxRung;
  readonly description: string;
  /** What puts the walls up around a command, before process 1 of it. */
  readonly walls: { readonly program: string; readonly args: readonly string[] };
  readonly env: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
  /** A path on the disk of the workspace. */
  readonly disk: string;
  /** The sandbox's own folder on the machine, for pipes and input. */
  readonly folder: string;
  /** A file that the program is given as descriptor 3. */
  readonly file3?: string;
}

export interface SandboxUser {
  readonly pass: SandboxPass;
  readonly pool: PipePool;
  readonly masks: DescriptorMasks;
}

export function commandsIn({ pass, pool, masks }: SandboxUser): Pick<Sandbox, 'rung' | 'description' | 'run'> {
  const { rung, description, walls, limits, disk, file3 } = pass;
  const command = pidOne(limits, pass.env);
  const [masked3 = 'ignore', , ...masked] = masks.extraDescriptors;
  return {
    rung,
    description,
    async run(request, signal) {
      const opened3 = file3 === undefined ? undefined : openSync(file3, 'r');
      try {
        const launch = { disk, limits, pool, program: walls.program, args: [...walls.args, ...command(request)] };
        return await runCommand({ ...launch, descriptor3: opened3 ?? masked3, masked }, request, signal);
      } finally {
        if (opened3 !== undefined) closeSync(opened3);
      }
    },
  };
}

/** A sandbox that another process opened. Disposing it leaves it standing for that process. */
export function enterSandbox(pass: SandboxPass): Sandbox {
  const masks = maskDescriptors();
  const pool = pipePool(mkdtempSync(join(pass.folder, 'entered-')));
  const commands = commandsIn({ pass, masks, pool });
  return { ...commands, [Symbol.asyncDispose]: async () => masks.close() };
}
