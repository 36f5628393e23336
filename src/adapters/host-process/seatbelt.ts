import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describeError, EntropyError } from '../../domain/error.ts';
import { withoutCredentials } from '../../domain/git-config.ts';
import { isCredentialFile } from '../../domain/sandbox-layout.ts';
import { describeNetwork, type SandboxNetwork } from '../../domain/sandbox-network.ts';
import type { SandboxAvailability, SandboxProvider } from '../../ports/sandbox.ts';
import type { SeatbeltWalls } from './host-pass.ts';
import { type HostPlace, type HostSandbox, openOnHost } from './host-sandbox.ts';

const run = promisify(execFile);
const program = '/usr/bin/sandbox-exec';

/** macOS's own rung. It closes files and the network; processes of the machine can be seen, and no bounds are watched. */
export function seatbeltSandbox(): SandboxProvider<HostSandbox> {
  return {
    rung: 'seatbelt',
    probe,
    open: async (options) => {
      if (options.network.kind !== 'none') throw noWayOut(options.network);
      return openOnHost(options, (place) => ({
        rung: 'seatbelt',
        description: 'seatbelt, offline',
        walls: wallsOf(place, options.hostPath),
      }));
    },
  };
}

/** Where people, their temporary files, other disks and their keys are; what programs need is shown again. */
const closed = ['/Users', '/Volumes', '/private/tmp', '/private/var/folders', '/private/var/root', '/private/etc/ssh'];

function wallsOf({ workspace, base, home, temp }: HostPlace, hostPath: string): SeatbeltWalls {
  const git = join(workspace, '.git');
  const toolchains = hostPath.split(':').filter((folder) => folder.startsWith('/Users/'));
  // A program is often a link into its own root: `…/versions/node/v24/bin` needs what lies beside it.
  const roots = toolchains.map((folder) => (/\/s?bin$/.test(folder) && depthOf(folder) > 4 ? dirname(folder) : folder));
  return {
    closed,
    shown: [workspace, ...(base === undefined ? [] : [base]), home, temp, ...roots],
    writable: [workspace, home, temp, '/dev/null', '/dev/tty'],
    readOnly: [git],
    credentials: [
      ...readdirSync(workspace)
        .filter(isCredentialFile)
        .map((name) => join(workspace, name)),
      // Nobody needs the git data of the base, which may hold a token.
      ...(base === undefined ? [] : [join(base, '.git')]),
      ...['config', 'config.worktree'].map((name) => join(git, name)).filter(holdsCredentials),
    ],
  };
}

/** `/Users/alice/bin` → 3: its parent is a home, and homes are not shown. */
function depthOf(path: string): number {
  return path.split('/').length - 1;
}

/** Without any, git may read it; seatbelt cannot lay a clean copy over it. */
function holdsCredentials(path: string): boolean {
  if (!existsSync(path)) return false;
  const text = readFileSync(path, 'utf8');
  return withoutCredentials(text) !== text;
}

async function probe(signal: AbortSignal): Promise<SandboxAvailability> {
  if (process.platform !== 'darwin') {
    const reason = `seatbelt is macOS's own, and this is ${process.platform}`;
    return { kind: 'unavailable', reason, fix: 'use one of the other rungs here' };
  }
  try {
    await run(program, ['-p', '(version 1)(allow default)', '/usr/bin/true'], { env: {}, timeout: 5_000, signal });
    return { kind: 'available', version: '' };
  } catch (error) {
    signal.throwIfAborted();
    const reason = `a trial failed: ${describeError(error).slice(0, 300)}`;
    return { kind: 'unavailable', reason, fix: 'run outside of other sandboxes; seatbelt cannot be put into itself' };
  }
}

/** Whoever wrote nothing about networks meets this too: set-up has package registries unless the file says otherwise. */
function noWayOut(network: Exclude<SandboxNetwork, { readonly kind: 'none' }>): EntropyError {
  const hosts = network.kind === 'open' || network.hosts.length > 0;
  const services = network.kind === 'allowed' && network.services.length > 0;
  const steps = [
    ...(hosts
      ? [
          'write `network: { setup: [] }` in .github/entropy.yml: set-up, which has package registries by default, then runs offline',
        ]
      : []),
    ...(hosts ? ['leave `network.agent` out'] : []),
    ...(services ? ['leave `network.services` out'] : []),
  ];
  return new EntropyError({
    code: 'E402',
    message: `the sandbox of macOS (seatbelt) has no way out of it, and this is to have one (${describeNetwork(network)})`,
    fix: `${steps.join(', and ')}; or run on Linux, or in a Linux machine on this Mac`,
  });
}
