import { inside, memorySizes, type SandboxMount } from './sandbox-layout.ts';

/** What a container of the sandbox is told; no image is needed but an empty one, for all in it is the machine's own. */
export interface ContainerPlan {
  readonly mounts: readonly SandboxMount[];
  readonly volumes: readonly MemoryVolume[];
  /** `uid:gid`, as the engine counts. */
  readonly user: string;
  /** `none`, `host` or `container:<name>`. */
  readonly network: string;
  /** `shareable` for the container that keeps `/dev/shm` and the volumes for the run, `container:<name>` for the others. */
  readonly ipc: string;
  readonly label: string;
  /** `runsc` where the engine has it. */
  readonly runtime: string | undefined;
  readonly limits: ContainerLimits;
}

/** A bounded file system in memory, which containers share; it lives as long as one of them does. */
export interface MemoryVolume {
  readonly name: string;
  readonly target: string;
  readonly bytes: number;
  readonly mode: string;
}

export interface ContainerLimits {
  readonly maxProcesses: number;
  readonly maxMemoryBytes: number;
  readonly tmpBytes: number;
}

export const emptyImage = 'entropy-sandbox:empty';

/**
 * Everything between `docker run` and the image. The kernel's bounds are somewhat above those that are watched, so that a
 * command that breaks one is told so; they are what holds when a command is faster than the watch.
 */
export function containerArguments(plan: ContainerPlan): readonly string[] {
  const { limits } = plan;
  const memory = String(Math.ceil(limits.maxMemoryBytes * 1.25));
  return [
    ...['--label', plan.label, '--pull', 'never', '--log-driver', 'none', '--no-healthcheck'],
    ...['--network', plan.network, '--ipc', plan.ipc, '--user', plan.user],
    // With the network of another container its name comes along.
    ...(plan.network.startsWith('container:') ? [] : ['--hostname', 'sandbox']),
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--read-only'],
    // Its devices are made in it before it is closed; otherwise root could write there.
    ...['--tmpfs', '/dev:ro,dev,mode=755,size=64k'],
    ...['--pids-limit', String(limits.maxProcesses + 64), '--memory', memory, '--memory-swap', memory],
    ...(plan.ipc === 'shareable' ? ['--shm-size', String(memorySizes(limits).shm)] : []),
    ...(plan.runtime === undefined ? [] : ['--runtime', plan.runtime]),
    ...plan.volumes.flatMap((volume) => volumeOption(volume, plan)),
    ...plan.mounts.flatMap(mountOption),
    ...['--workdir', '/'],
  ];
}

/** A link is taken for what it leads to on the machine, since nothing can be written into the empty image. */
function mountOption(mount: SandboxMount): readonly string[] {
  const source = mount.kind === 'link' ? `/${mount.to.replace(/^\/+/, '')}` : mount.source;
  const parts = ['type=bind', `source=${source}`, `target=${mount.target}`];
  return ['--mount', fields(mount.kind === 'writable' ? parts : [...parts, 'readonly'])];
}

/** Made by the container that keeps them; the others use what is there. */
function volumeOption({ name, target, bytes, mode }: MemoryVolume, { ipc, user, label }: ContainerPlan) {
  const parts = ['type=volume', `source=${name}`, `target=${target}`, 'volume-nocopy'];
  if (ipc !== 'shareable') return ['--mount', fields(parts)];
  const [uid, gid] = user.split(':');
  const options = `size=${bytes},mode=${mode},uid=${uid},gid=${gid},nosuid,nodev`;
  const made = ['type=tmpfs', 'device=tmpfs', `o=${options}`].map((option) => `volume-opt=${option}`);
  return ['--mount', fields([...parts, 'volume-driver=local', `volume-label=${label}`, ...made])];
}

/** The engine reads this as a line of comma-separated values. */
function fields(parts: readonly string[]): string {
  return parts.map((part) => (/[",\n]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)).join(',');
}

/** The generated users of `/etc` with the number that the container runs as: the engine maps no users. */
export function usersFor(etc: Readonly<Record<string, string>>, owner: string): Readonly<Record<string, string>> {
  const [uid = '0', gid = '0'] = owner.split(':');
  const { passwd = '', group = '' } = etc;
  return {
    passwd: passwd.replace(`:x:${inside.uid}:${inside.gid}:`, `:x:${uid}:${gid}:`),
    group: group.replace(`:x:${inside.gid}:`, `:x:${gid}:`),
  };
}
