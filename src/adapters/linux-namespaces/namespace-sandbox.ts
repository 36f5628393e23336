import { closeSync, openSync } from 'node:fs';
import type { SandboxRung } from '../../domain/run-result.ts';
import type { Sandbox, SandboxOptions } from '../../ports/sandbox.ts';
import { pipePool } from './command-pipes.ts';
import { inheritableDescriptors } from './inherited-descriptors.ts';
import { startKeeper } from './keeper.ts';
import { layOut, type MachineLayout } from './machine-layout.ts';
import { makeOwnFolder, removeOwnFolder } from './own-folder.ts';
import { pidOne } from './pid-one.ts';
import { runCommand } from './run-command.ts';

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
  await using owned = new AsyncDisposableStack();
  const folder = owned.adopt(makeOwnFolder(), removeOwnFolder);
  const masks = owned.adopt(maskDescriptors(), ({ close }) => close());
  const pool = pipePool(folder);
  // Started first: looking at the machine is not asynchronous, and another process can work meanwhile.
  const preparing = pool.prepare();
  const [started, piped] = await Promise.allSettled([build(builder, { folder, options }, masks), preparing]);
  if (started.status === 'rejected') throw started.reason;
  const { site } = started.value;
  const keeper = owned.use(started.value.keeper);
  if (piped.status === 'rejected') throw piped.reason;

  const walls = builder.walls(site, keeper.pid);
  const command = pidOne(options.limits, site.layout.env);
  const shared = { disk: site.layout.workspace, limits: options.limits, pool };
  const file3 = builder.descriptor3?.(site);
  const [masked3 = 'ignore', , ...masked] = masks.extraDescriptors;
  const kept = owned.move();
  return {
    rung: builder.rung,
    description: `${builder.rung}, ${options.network === 'none' ? 'offline' : 'with network'}`,
    async run(request, signal) {
      const opened3 = file3 === undefined ? undefined : openSync(file3, 'r');
      try {
        const launch = { ...shared, program: walls.program, args: [...walls.args, ...command(request)] };
        return await runCommand({ ...launch, descriptor3: opened3 ?? masked3, masked }, request, signal);
      } finally {
        if (opened3 !== undefined) closeSync(opened3);
      }
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function build(builder: WallBuilder, ground: Omit<BuildingSite, 'layout'>, masks: Masks) {
  const site: BuildingSite = { ...ground, layout: layOut(ground.options, ground.folder) };
  const { program, args } = builder.keeper(site);
  return { site, keeper: await startKeeper(program, args, masks.extraDescriptors) };
}

interface Masks {
  /** From descriptor 3 on. */
  readonly extraDescriptors: readonly (number | 'ignore')[];
  readonly close: () => void;
}

/** `/dev/null` in the place of every descriptor that a child would otherwise inherit (security: S5). */
function maskDescriptors(): Masks {
  const inherited = inheritableDescriptors();
  if (inherited.length === 0) return { extraDescriptors: [], close: () => undefined };
  const nothing = openSync('/dev/null', 'r');
  const highest = Math.max(...inherited);
  const extraDescriptors = Array.from({ length: highest - 2 }, (_, index) =>
    inherited.includes(index + 3) ? nothing : 'ignore',
  );
  return { extraDescriptors, close: () => closeSync(nothing) };
}
