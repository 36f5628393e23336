import type { SandboxRung } from '../../domain/run-result.ts';
import { inside } from '../../domain/sandbox-layout.ts';
import { describeNetwork } from '../../domain/sandbox-network.ts';
import type { EgressGate } from '../../ports/egress.ts';
import type { Sandbox, SandboxOptions } from '../../ports/sandbox.ts';
import { pipePool } from './command-pipes.ts';
import { type DescriptorMasks, maskDescriptors } from './inherited-descriptors.ts';
import { startKeeper } from './keeper.ts';
import { layOut, type MachineLayout } from './machine-layout.ts';
import { makeOwnFolder, removeOwnFolder } from './own-folder.ts';
import type { SandboxPass } from './sandbox-pass.ts';
import { commandsIn } from './standing-sandbox.ts';
import { openWay } from './way-out.ts';

/** What one rung of the ladder knows: how namespaces are made and walls are put up with its program. */
export interface WallBuilder {
  readonly rung: SandboxRung;
  keeper(site: BuildingSite): { readonly program: string; readonly args: readonly string[] };
  /** Arguments that come before process 1 of the command; asked once, since they are the same for every command. */
  walls(site: BuildingSite, keeperPid: number): { readonly program: string; readonly args: readonly string[] };
  /** Opens the way to allowed hosts; needed only for sandboxes that are allowed any. */
  readonly egress: EgressGate | undefined;
  /** A file that the program is given as descriptor 3. */
  descriptor3?(site: BuildingSite): string;
}

export interface BuildingSite {
  /** A folder of ours on the machine, outside of what is shown. */
  readonly folder: string;
  readonly layout: MachineLayout;
  readonly options: SandboxOptions;
}

/** A sandbox that other processes of this user can use too, by its pass, while this one keeps it open. */
export interface NamespaceSandbox extends Sandbox {
  readonly pass: SandboxPass;
}

export async function openNamespaceSandbox(builder: WallBuilder, options: SandboxOptions): Promise<NamespaceSandbox> {
  await using owned = new AsyncDisposableStack();
  const folder = owned.adopt(makeOwnFolder(), removeOwnFolder);
  const masks = owned.adopt(maskDescriptors(), ({ close }) => close());
  const pool = pipePool(folder);
  // The keeper first: what comes after waits for its mounts anyway.
  const [started, piped] = await Promise.allSettled([build(builder, { folder, options }, masks), pool.prepare()]);
  if (started.status === 'rejected') throw started.reason;
  const { site } = started.value;
  const keeper = owned.use(started.value.keeper);
  if (piped.status === 'rejected') throw piped.reason;

  const namespace = (name: string): string => `/proc/${keeper.pid}/ns/${name}`;
  const enter = [`--user=${namespace('user')}`, `--net=${namespace('net')}`, '--preserve-credentials'];
  const { rung, egress: gate } = builder;
  const egress = owned.use(await openWay({ rung, gate, network: options.network, folder, enter }));
  const file3 = builder.descriptor3?.(site);
  const pass: SandboxPass = {
    rung: builder.rung,
    description: `${builder.rung}, ${describeNetwork(options.network)}`,
    walls: builder.walls(site, keeper.pid),
    env: site.layout.env,
    limits: options.limits,
    disk: site.layout.workspace,
    ...(options.base === undefined ? {} : { base: inside.base }),
    folder,
    ...(file3 === undefined ? {} : { file3 }),
  };
  const kept = owned.move();
  return {
    ...commandsIn({ pass, pool, masks }),
    pass,
    ...(egress === undefined ? {} : { egress: egress.report }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function build(builder: WallBuilder, ground: Omit<BuildingSite, 'layout'>, masks: DescriptorMasks) {
  const site: BuildingSite = { ...ground, layout: layOut(ground.options, ground.folder) };
  const { extraDescriptors } = masks;
  return { site, keeper: await startKeeper({ ...builder.keeper(site), extraDescriptors }) };
}
