import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox, SandboxCommand } from '../../ports/sandbox.ts';
import { type PipePool, pipePool } from './command-pipes.ts';
import { dockerLaunch } from './docker-launch.ts';
import { type DescriptorMasks, maskDescriptors } from './inherited-descriptors.ts';
import { landlockLaunch } from './landlock-launch.ts';
import { pidOne } from './pid-one.ts';
import { namespaceTree } from './process-tree.ts';
import { runCommand } from './run-command.ts';
import type { CommandLaunch, SandboxPass } from './sandbox-pass.ts';

export interface SandboxUser {
  readonly pass: SandboxPass;
  readonly pool: PipePool;
  readonly masks: DescriptorMasks;
}

export function commandsIn({ pass, pool, masks }: SandboxUser): Pick<Sandbox, 'rung' | 'description' | 'base' | 'run'> {
  const { rung, description, walls, limits, disk, base, file3 } = pass;
  const launchOf = launcherFor(pass);
  const [masked3 = 'ignore', , ...masked] = masks.extraDescriptors;
  return {
    rung,
    description,
    ...(base === undefined ? {} : { base }),
    async run(request, signal) {
      const { args, tree, errors } = launchOf(request);
      const opened3 = file3 === undefined ? undefined : openSync(file3, 'r');
      try {
        const launch = { disk, limits, pool, tree, errors, program: walls.program, args: [...walls.args, ...args] };
        return await runCommand({ ...launch, descriptor3: opened3 ?? masked3, masked }, request, signal);
      } finally {
        if (opened3 !== undefined) closeSync(opened3);
      }
    },
  };
}

function launcherFor(pass: SandboxPass): (command: SandboxCommand) => CommandLaunch {
  if (pass.rung === 'landlock') return landlockLaunch(pass);
  if (pass.rung === 'docker') return dockerLaunch(pass);
  const argumentsOf = pidOne(pass);
  return (command) => ({ args: argumentsOf(command), tree: namespaceTree, errors: 'apart' });
}

/** A sandbox that another process opened. Disposing it leaves it standing for that process. */
export function enterSandbox(pass: SandboxPass): Sandbox {
  const masks = maskDescriptors();
  const pool = pipePool(mkdtempSync(join(pass.folder, 'entered-')));
  const commands = commandsIn({ pass, masks, pool });
  return { ...commands, [Symbol.asyncDispose]: async () => masks.close() };
}
