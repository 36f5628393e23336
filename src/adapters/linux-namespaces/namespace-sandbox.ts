import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxRung } from '../../domain/run-result.ts';
import type { Sandbox, SandboxOptions } from '../../ports/sandbox.ts';
import { inheritableDescriptors } from './inherited-descriptors.ts';
import { type Keeper, startKeeper } from './keeper.ts';
import { layOut, type MachineLayout } from './machine-layout.ts';
import { pidOne } from './pid-one.ts';
import { runCommand } from './run-command.ts';
import { pipePool } from './stdio-pipes.ts';

/** What one rung of the ladder knows: how namespaces are made and walls are put up with its program. */
export interface WallBuilder {
  readonly rung: SandboxRung;
  keeper(site: BuildingSite): { readonly program: string; readonly args: readonly string[] };
  /** Arguments that come before process 1 of the command; asked once, since they are the same for every command. */
  walls(site: BuildingSite, keeperPid: number): { readonly program: string; readonly args: readonly string[] };
  /** A file that the program is given as descriptor 3. */
  descriptor3?(site: BuildingSite): string;
}

export interface BuildingSite {
  /** A folder of ours on the machine, outside of what is shown. */
  readonly folder: string;
  readonly layout: MachineLayout;
  readonly options: SandboxOptions;
}

export async function openNamespaceSandbox(builder: WallBuilder, options: SandboxOptions): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), 'entropy-sandbox-'));
  const masks = maskDescriptors();
  let keeper: Keeper;
  const pool = pipePool(folder);
  const site: BuildingSite = { folder, options, layout: layOut(options, folder) };
  try {
    const { program, args } = builder.keeper(site);
    [keeper] = await Promise.all([startKeeper(program, args, masks.extraDescriptors), pool.prepare()]);
  } catch (error) {
    masks.close();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const { program, args } = builder.walls(site, keeper.pid);
  const command = pidOne(options.limits, site.layout.env);
  const shared = { program, disk: site.layout.workspace, limits: options.limits };
  const file3 = builder.descriptor3?.(site);
  return {
    rung: builder.rung,
    description: `${builder.rung}, ${options.network === 'none' ? 'offline' : 'with network'}`,
    async run(request, signal) {
      const descriptor3 = file3 === undefined ? undefined : openSync(file3, 'r');
      const [masked3 = 'ignore', ...higher] = masks.extraDescriptors;
      try {
        const extraDescriptors = [descriptor3 ?? masked3, ...higher];
        return await runCommand(
          { ...shared, args: [...args, ...command(request)], extraDescriptors },
          request,
          pool,
          signal,
        );
      } finally {
        if (descriptor3 !== undefined) closeSync(descriptor3);
      }
    },
    async [Symbol.asyncDispose]() {
      await keeper[Symbol.asyncDispose]();
      masks.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `/dev/null` in the place of every descriptor that a child would otherwise inherit (security: S5). */
function maskDescriptors(): { extraDescriptors: readonly (number | 'ignore')[]; close: () => void } {
  const inherited = inheritableDescriptors();
  if (inherited.length === 0) return { extraDescriptors: [], close: () => undefined };
  const nothing = openSync('/dev/null', 'r');
  const highest = Math.max(...inherited);
  const extraDescriptors = Array.from({ length: highest - 2 }, (_, index) =>
    inherited.includes(index + 3) ? nothing : 'ignore',
  );
  return { extraDescriptors, close: () => closeSync(nothing) };
}
