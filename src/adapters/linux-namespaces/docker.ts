import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ContainerPlan, containerArguments, usersFor } from '../../domain/docker-arguments.ts';
import { EntropyError } from '../../domain/error.ts';
import { inside, memorySizes, type SandboxMount } from '../../domain/sandbox-layout.ts';
import { describeNetwork, type SandboxNetwork } from '../../domain/sandbox-network.ts';
import type { EgressGate } from '../../ports/egress.ts';
import type { SandboxOptions, SandboxProvider } from '../../ports/sandbox.ts';
import { pipePool } from './command-pipes.ts';
import {
  askEngine,
  clientArguments,
  type DockerEngine,
  engineSockets,
  ensureImage,
  findEngine,
} from './docker-engine.ts';
import { startContainerKeeper } from './docker-keeper.ts';
import { probeDocker } from './docker-probe.ts';
import { maskDescriptors } from './inherited-descriptors.ts';
import { layOut, type MachineLayout } from './machine-layout.ts';
import type { NamespaceSandbox } from './namespace-sandbox.ts';
import { makeOwnFolder, removeOwnFolder } from './own-folder.ts';
import type { SandboxPass } from './sandbox-pass.ts';
import { commandsIn } from './standing-sandbox.ts';
import { openWay } from './way-out.ts';

const openMs = 60_000;

export interface DockerOptions {
  readonly egress?: EgressGate;
  /** Where an engine may listen; its usual places when absent. */
  readonly sockets?: readonly string[];
}

/** Rung 2: the same room from a container engine, for machines where bubblewrap may not make namespaces. */
export function dockerSandbox({
  egress,
  sockets = engineSockets(),
}: DockerOptions = {}): SandboxProvider<NamespaceSandbox> {
  return {
    rung: 'docker',
    probe: (signal) => probeDocker(sockets, signal),
    open: (options) => open(options, { egress, sockets }),
  };
}

interface Means {
  readonly egress: EgressGate | undefined;
  readonly sockets: readonly string[];
}

async function open(options: SandboxOptions, { egress: gate, sockets }: Means): Promise<NamespaceSandbox> {
  const signal = AbortSignal.timeout(openMs);
  await using owned = new AsyncDisposableStack();
  const folder = owned.adopt(makeOwnFolder(), removeOwnFolder);
  const config = join(folder, 'engine');
  mkdirSync(config);
  const masks = owned.adopt(maskDescriptors(), ({ close }) => close());
  const layout = layOut(options, folder);
  const engine = await findEngine({ sockets, config }, signal);
  refuseUnreachable(engine, options.network);
  const pool = pipePool(folder);
  await Promise.all([ensureImage(engine, signal), pool.prepare()]);

  const plan = planOf({ engine, layout, options, folder });
  const keeper = owned.use(await startContainerKeeper(engine, plan, masks.extraDescriptors));
  const pid = (await askEngine(engine, ['inspect', '--format', '{{.State.Pid}}', keeper.name], signal)).trim();
  const enter = [
    ...(engine.rootless ? [`--user=/proc/${pid}/ns/user`, '--preserve-credentials'] : []),
    `--net=/proc/${pid}/ns/net`,
  ];
  const egress = owned.use(await openWay({ rung: 'docker', gate, network: options.network, folder, enter }));

  const of = `container:${keeper.name}`;
  const command: ContainerPlan = {
    ...plan,
    ipc: of,
    network: options.network.kind === 'allowed' ? of : plan.network,
  };
  const pass: SandboxPass = {
    rung: 'docker',
    description: `docker${engine.runtime === undefined ? '' : ` (${engine.runtime})`}, ${describeNetwork(options.network)}`,
    walls: {
      program: engine.program,
      args: [...clientArguments(engine), 'run', '--rm', ...containerArguments(command)],
    },
    env: layout.env,
    limits: options.limits,
    disk: layout.workspace,
    ...(options.base === undefined ? {} : { base: inside.base }),
    folder,
  };
  const kept = owned.move();
  return {
    ...commandsIn({ pass, pool, masks }),
    pass,
    ...(egress === undefined ? {} : { egress: egress.report }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Files that the commands make shall be ours outside: the engine of this user maps root to us, another maps nobody. */
function ownerOf(engine: DockerEngine): string {
  return engine.rootless ? '0:0' : `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
}

interface Planning {
  readonly engine: DockerEngine;
  readonly layout: MachineLayout;
  readonly options: SandboxOptions;
  readonly folder: string;
}

/** The plan of the container that keeps what lasts for the run; those of the commands differ in little. */
function planOf({ engine, layout, options, folder }: Planning): ContainerPlan {
  const mark = randomUUID();
  const user = ownerOf(engine);
  const { tmp, home } = memorySizes(options.limits);
  const inMemory = [
    { name: `entropy-tmp-${mark}`, target: '/tmp', bytes: tmp, mode: '1777' },
    { name: `entropy-home-${mark}`, target: inside.home, bytes: home, mode: '0700' },
  ];
  const onDisk: readonly SandboxMount[] =
    options.home === undefined
      ? []
      : [{ kind: 'writable', type: 'directory', source: options.home, target: inside.home }];
  return {
    mounts: [...layout.system, ...namedFiles(folder, user), ...onDisk, ...layout.own],
    volumes: options.home === undefined ? inMemory : inMemory.slice(0, 1),
    user,
    network: options.network.kind === 'open' ? 'host' : 'none',
    ipc: 'shareable',
    label: `entropy-sandbox=${mark}`,
    runtime: engine.runtime,
    limits: options.limits,
  };
}

/** An engine lays files of its own over these three, unless they are named; and it maps no users. */
function namedFiles(folder: string, user: string): readonly SandboxMount[] {
  const etc = join(folder, 'etc');
  const read = (name: string): string => readFileSync(join(etc, name), 'utf8');
  const users = usersFor({ passwd: read('passwd'), group: read('group') }, user);
  for (const [name, text] of Object.entries(users)) writeFileSync(join(etc, name), text);
  return ['hosts', 'hostname', 'resolv.conf'].map((name) => {
    const source = join(etc, name);
    if (!existsSync(source)) writeFileSync(source, '');
    return { kind: 'read-only', type: 'file', source, target: `/etc/${name}` };
  });
}

/** Who may enter the network of a container: root, and the user whose own engine it is. */
function refuseUnreachable(engine: DockerEngine, network: SandboxNetwork): void {
  if (network.kind !== 'allowed' || engine.rootless || process.geteuid?.() === 0) return;
  throw new EntropyError({
    code: 'E402',
    message: `the sandbox of this machine (docker) has no way to ${describeNetwork(network)}`,
    why: 'only root, or the user of a rootless engine, can open a way out of the network of a container',
    fix: 'install bubblewrap (`entropy-playground doctor` says how), use a rootless engine, or allow no hosts',
  });
}
