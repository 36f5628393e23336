import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inside, memorySizes, type SandboxMount } from '../../domain/sandbox-layout.ts';
import type { SandboxNetwork } from '../../domain/sandbox-network.ts';
import { seccompFilter } from '../../domain/seccomp-filter.ts';
import type { EgressGate } from '../../ports/egress.ts';
import type { SandboxProvider } from '../../ports/sandbox.ts';
import { type BuildingSite, type NamespaceSandbox, openNamespaceSandbox } from './namespace-sandbox.ts';
import { probeNamespaces } from './probe.ts';
import { trustedProgram } from './trusted-program.ts';

/** `--disable-userns`, without which a command could make namespaces of its own, came with this version. */
const minVersion = [0, 8] as const;
const packages = {
  debian: 'bubblewrap',
  fedora: 'bubblewrap',
  arch: 'bubblewrap',
  alpine: 'bubblewrap',
  suse: 'bubblewrap',
};

/** Rung 1: hardened bubblewrap. */
export function bubblewrapSandbox(egress?: EgressGate): SandboxProvider<NamespaceSandbox> {
  return {
    rung: 'bubblewrap',
    probe: (signal) =>
      probeNamespaces(
        {
          programs: ['bwrap', 'nsenter', 'mkfifo'],
          packages,
          versionOf: ['bwrap', '--version'],
          minVersion,
          trial: [
            'bwrap',
            ...namespaces({ kind: 'none' }),
            '--ro-bind',
            '/',
            '/',
            '--proc',
            '/proc',
            '--',
            '/bin/true',
          ],
        },
        signal,
      ),
    open: (options) => openNamespaceSandbox({ rung: 'bubblewrap', keeper, walls, descriptor3, egress }, options),
  };
}

/**
 * Mounts the whole root once, below a folder of ours that is empty on the machine; each command then takes it over in
 * one step. What is in memory (`/tmp`, home) lives as long as this namespace.
 */
function keeper({ folder, layout, options }: BuildingSite) {
  const root = join(folder, 'root');
  mkdirSync(root);
  const memory = memorySizes(options.limits);
  const tmpfs = (perms: string, size: number, target: string) =>
    // Both options hold for the very next one only.
    ['--perms', perms, '--size', String(size), '--tmpfs', `${root}${target}`];
  const home = options.home === undefined ? tmpfs('0700', memory.home, inside.home) : bindHome(options.home, root);
  const script = 'echo "ready $$" && exec cat >/dev/null';
  return {
    program: program('bwrap'),
    args: [
      // As root of it: with another user bubblewrap adds a second namespace, and the mounts would belong to the first.
      ...['--unshare-user', '--uid', '0', '--gid', '0', '--die-with-parent', '--dev-bind', '/', '/'],
      // One for all commands, which somebody outside can listen in; without hosts each command has one of its own.
      ...(options.network.kind === 'allowed' ? ['--unshare-net'] : []),
      ...tmpfs('0755', memory.root, ''),
      // Before the machine's folders: a toolchain may lie below /tmp, and would be hidden by what is mounted over it.
      ...tmpfs('1777', memory.tmp, '/tmp'),
      ...layout.system.flatMap((entry) => mount(entry, root)),
      ...['--dir', `${root}/proc`, '--dev', `${root}/dev`, ...tmpfs('1777', memory.shm, '/dev/shm')],
      ...['--remount-ro', `${root}/dev`, '--perms', '0755', '--dir', `${root}/home`, ...home],
      ...layout.own.flatMap((entry) => mount(entry, root)),
      ...['--remount-ro', root, '--', '/bin/sh', '-c', script],
    ],
  };
}

function bindHome(home: string, root: string): readonly string[] {
  return ['--bind', home, `${root}${inside.home}`];
}

function walls({ folder, layout, options }: BuildingSite, keeperPid: number) {
  const namespace = (name: string): string => `/proc/${keeperPid}/ns/${name}`;
  return {
    program: program('nsenter'),
    args: [
      `--user=${namespace('user')}`,
      `--mount=${namespace('mnt')}`,
      ...(options.network.kind === 'allowed' ? [`--net=${namespace('net')}`] : []),
      '--preserve-credentials',
      '--',
      program('bwrap'),
      ...namespaces(options.network),
      ...['--uid', String(inside.uid), '--gid', String(inside.gid), '--hostname', 'sandbox'],
      ...['--as-pid-1', '--new-session', '--die-with-parent', '--cap-drop', 'ALL', '--clearenv', '--seccomp', '3'],
      // Devices, because /dev is among them; everything else in it was mounted without.
      ...['--dev-bind', join(folder, 'root'), '/', '--proc', '/proc'],
      ...layout.proc.readOnly.flatMap((path) => ['--ro-bind', path, path]),
      ...layout.proc.hidden.flatMap((path) => ['--ro-bind', '/dev/null', path]),
      ...['--chdir', '/', '--'],
    ],
  };
}

function namespaces(network: SandboxNetwork): readonly string[] {
  const isolated = ['user', 'pid', 'ipc', 'uts', ...(network.kind === 'none' ? ['net'] : [])].map(
    (name) => `--unshare-${name}`,
  );
  return [...isolated, '--unshare-cgroup-try', '--disable-userns'];
}

function mount(entry: SandboxMount, root: string): readonly string[] {
  const target = `${root}${entry.target}`;
  switch (entry.kind) {
    case 'read-only':
      return ['--ro-bind', entry.source, target];
    case 'writable':
      return ['--bind', entry.source, target];
    case 'link':
      return ['--symlink', entry.to, target];
    default:
      return entry satisfies never;
  }
}

function descriptor3({ folder }: BuildingSite): string {
  const path = join(folder, 'seccomp.bpf');
  writeFileSync(path, seccompFilter(process.arch));
  return path;
}

/** The probe found it; a name that is gone since then fails to start, with that name. */
function program(name: string): string {
  return trustedProgram(name) ?? `/usr/bin/${name}`;
}
