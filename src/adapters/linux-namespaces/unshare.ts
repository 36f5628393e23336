import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeOctal, lockedFlags, type MountEntry, mountsBelow, parseMountTable } from '../../domain/mount-table.ts';
import { inside, memorySizes, type SandboxMount } from '../../domain/sandbox-layout.ts';
import type { EgressGate } from '../../ports/egress.ts';
import type { SandboxProvider } from '../../ports/sandbox.ts';
import { type BuildingSite, type NamespaceSandbox, openNamespaceSandbox } from './namespace-sandbox.ts';
import { probeNamespaces } from './probe.ts';
import { trustedProgram } from './trusted-program.ts';
import { buildRoot, enterRoot } from './unshare-scripts.ts';

const packages = {
  debian: 'util-linux iproute2 coreutils',
  fedora: 'util-linux iproute coreutils',
  arch: 'util-linux iproute2 coreutils',
  alpine: 'util-linux-misc setpriv iproute2 coreutils',
  suse: 'util-linux iproute2 coreutils',
};
const programs = ['unshare', 'nsenter', 'setpriv', 'mount', 'umount', 'pivot_root', 'ip', 'mkfifo'] as const;

/** Rung 3: the same room from the programs of util-linux alone. No system call filter, and more programs to start. */
export function unshareSandbox(egress?: EgressGate): SandboxProvider<NamespaceSandbox> {
  return {
    rung: 'unshare',
    probe: (signal) =>
      probeNamespaces(
        {
          programs,
          packages,
          versionOf: ['unshare', '--version'],
          // --map-user and --keep-caps
          minVersion: [2, 36],
          trial: [
            'unshare',
            '--user',
            '--map-root-user',
            '--mount',
            '--net',
            '--pid',
            '--fork',
            '--mount-proc',
            '/bin/true',
          ],
        },
        signal,
      ),
    open: (options) => openNamespaceSandbox({ rung: 'unshare', keeper, walls, egress }, options),
  };
}

/** Builds the root once, moves into it, and forgets the machine's own file system. */
function keeper({ folder, layout, options }: BuildingSite) {
  const root = join(folder, 'root');
  mkdirSync(root);
  const table = parseMountTable(readFileSync('/proc/self/mountinfo', 'utf8'));
  const memory = memorySizes(options.limits);
  writeFileSync(join(folder, 'etc', 'fstab'), fstab(layout.proc));
  const mounts: readonly SandboxMount[] = [
    ...layout.system,
    ...(options.home === undefined ? [] : [homeMount(options.home)]),
    ...layout.own,
  ];
  const sizes = [memory.tmp, memory.home, memory.shm].map(String);
  return {
    program: program('unshare'),
    args: [
      ...['--user', '--map-root-user', '--mount', '--uts', ...(options.network.kind === 'open' ? [] : ['--net'])],
      ...['--', '/bin/sh', '-c', buildRoot, 'keeper', root, ...sizes, options.network.kind],
      ...mounts.flatMap((mount) => record(mount, table)),
    ],
  };
}

function homeMount(source: string): SandboxMount {
  return { kind: 'writable', type: 'directory', source, target: inside.home };
}

/** What the commands' own `/proc` is covered with; read by one `mount --all` instead of a program for each line. */
function fstab({ readOnly, hidden }: BuildingSite['layout']['proc']): string {
  const lines = [
    // Its own source name: `mount --all` leaves out what it takes for mounted already.
    'commands /proc proc nosuid,nodev,noexec 0 0',
    ...readOnly.map((path) => `${escapeOctal(path)} ${escapeOctal(path)} none bind,ro 0 0`),
    ...hidden.map((path) => `/dev/null ${escapeOctal(path)} none bind,ro 0 0`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Four words for the script: what, from where, to where, and the flags that make it what it shall be. */
function record(mount: SandboxMount, table: readonly MountEntry[]): readonly string[] {
  if (mount.kind === 'link') return ['link', mount.to, mount.target, '-'];
  const wanted = ['nosuid', ...(mount.kind === 'read-only' ? ['ro'] : [])];
  const isDevice = mount.source === '/dev/null';
  const flagsOf = (source: string): string =>
    [...new Set([...wanted, ...(isDevice ? [] : ['nodev']), ...lockedFlags(table, source)])].join(',');
  const nested = mountsBelow(table, mount.source).flatMap((point) => [
    'flags',
    point,
    `${mount.target}${point.slice(mount.source.length)}`,
    flagsOf(point),
  ]);
  return [mount.type, mount.source, mount.target, flagsOf(mount.source), ...nested];
}

function walls({ options }: BuildingSite, keeperPid: number) {
  const held = ['user', 'mnt', 'uts', ...(options.network.kind === 'open' ? [] : ['net'])];
  const option = (name: string): string => `--${name === 'mnt' ? 'mount' : name}=/proc/${keeperPid}/ns/${name}`;
  return {
    program: program('nsenter'),
    args: [
      ...held.map(option),
      ...['--preserve-credentials', '--', program('setpriv'), '--pdeathsig', 'SIGKILL', program('unshare')],
      ...['--user', '--map-root-user', '--mount', '--pid', '--fork', '--ipc', '--cgroup', '--kill-child=SIGKILL', '--'],
      ...['/bin/sh', '-c', enterRoot, 'walls', String(inside.uid), String(inside.gid)],
    ],
  };
}

function program(name: (typeof programs)[number]): string {
  return trustedProgram(name) ?? `/usr/bin/${name}`;
}
