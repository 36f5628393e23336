import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { installHint } from '../../domain/sandbox-fix.ts';
import { baseEnvironment } from '../../domain/sandbox-layout.ts';
import { seccompFilter } from '../../domain/seccomp-filter.ts';
import type { SandboxAvailability, SandboxOptions, SandboxProvider } from '../../ports/sandbox.ts';
import { pipePool } from './command-pipes.ts';
import { maskDescriptors } from './inherited-descriptors.ts';
import { type Grant, systemGrants } from './landlock-grants.ts';
import { landlockLauncher } from './landlock-launcher.ts';
import { realFolderOf } from './machine-layout.ts';
import type { NamespaceSandbox } from './namespace-sandbox.ts';
import { makeOwnFolder, removeOwnFolder } from './own-folder.ts';
import { readIfThere } from './probe.ts';
import type { SandboxPass } from './sandbox-pass.ts';
import { commandsIn } from './standing-sandbox.ts';
import { trustedProgram } from './trusted-program.ts';

const run = promisify(execFile);
const deadlineMs = 5_000;
const packages = {
  debian: 'perl-base coreutils',
  fedora: 'perl-interpreter coreutils',
  arch: 'perl coreutils',
  alpine: 'perl coreutils',
  suse: 'perl-base coreutils',
};

/** prctl, capset, openat, close: what the launcher calls that has another number on each machine type. */
const callNumbers: Readonly<Record<string, readonly number[]>> = {
  x64: [157, 126, 257, 3],
  arm64: [167, 91, 56, 57],
};

/**
 * Rung 4, for machines that allow no namespaces at all: the file tools run behind Landlock and a system call filter, and
 * no commands run. Nothing of the machine but programs and libraries can be read, nothing outside of the workspace written.
 */
export function landlockSandbox(): SandboxProvider<NamespaceSandbox> {
  return { rung: 'landlock', probe, open };
}

async function open(options: SandboxOptions): Promise<NamespaceSandbox> {
  await using owned = new AsyncDisposableStack();
  const workspace = realFolderOf(options.workspace);
  const folder = owned.adopt(makeOwnFolder(), removeOwnFolder);
  const masks = owned.adopt(maskDescriptors(), ({ close }) => close());
  const pool = pipePool(folder);
  await pool.prepare();
  const pass: SandboxPass = {
    rung: 'landlock',
    description: 'landlock, offline, files only',
    walls: wallsOf(systemGrants()),
    env: baseEnvironment('/usr/local/bin:/usr/bin:/bin'),
    limits: options.limits,
    disk: workspace,
    ...(options.base === undefined ? {} : { base: realFolderOf(options.base) }),
    folder,
    file3: writeFilter(folder),
  };
  const kept = owned.move();
  return { ...commandsIn({ pass, pool, masks }), pass, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function wallsOf(grants: readonly Grant[]) {
  const numbers = (callNumbers[process.arch] ?? []).map(String);
  const rules = grants.flatMap(({ what, path }) => [what, path]);
  return { program: trustedProgram('perl') ?? '/usr/bin/perl', args: ['-e', landlockLauncher, ...numbers, ...rules] };
}

function writeFilter(folder: string): string {
  const path = join(folder, 'seccomp.bpf');
  writeFileSync(path, seccompFilter(process.arch, 'files'));
  return path;
}

/** Tries it on a program that does nothing. */
async function probe(signal: AbortSignal): Promise<SandboxAvailability> {
  if (process.platform !== 'linux') {
    const fix = 'run on Linux: a hosted runner (`runs-on: ubuntu-24.04`), a virtual machine, or WSL 2 on Windows';
    return { kind: 'unavailable', reason: `Landlock is Linux's own, and this is ${process.platform}`, fix };
  }
  if (callNumbers[process.arch] === undefined) {
    const reason = `only x64 and arm64 are known to it, and this is ${process.arch}`;
    return { kind: 'unavailable', reason, fix: 'run on an x64 or arm64 machine' };
  }
  if (trustedProgram('perl') === undefined) {
    const fix = installHint(readIfThere('/etc/os-release'), packages);
    return { kind: 'unavailable', reason: 'perl not found', fix };
  }
  const tried = await tryOut(signal);
  if (tried.kind === 'works') return { kind: 'available', version: tried.version };
  const fix =
    'use a kernel of 6.2 or later that has landlock among its security modules (`cat /sys/kernel/security/lsm`; boot option `lsm=landlock,…`), and in a container an engine whose filter lets it pass (Docker 23 or later)';
  return { kind: 'unavailable', reason: `a trial failed: ${tried.said.slice(0, 300)}`, fix };
}

type Tried = { readonly kind: 'works'; readonly version: string } | { readonly kind: 'fails'; readonly said: string };

async function tryOut(signal: AbortSignal): Promise<Tried> {
  await using owned = new AsyncDisposableStack();
  const folder = owned.adopt(makeOwnFolder(), removeOwnFolder);
  const filter = openSync(writeFilter(folder), 'r');
  owned.defer(() => closeSync(filter));
  const { program, args } = wallsOf(systemGrants());
  const child = spawn(program, [...args, '--', '/bin/sh', '-c', ':'], {
    env: {},
    cwd: '/',
    timeout: deadlineMs,
    signal,
    stdio: ['ignore', 'ignore', 'pipe', filter],
  });
  const { stderr } = child;
  if (stderr === null) throw new Error('a child that was given a pipe for its standard error has none');
  const [said, code] = await Promise.all([text(stderr), once(child, 'close').then(([status]) => status)]);
  if (code !== 0) return { kind: 'fails', said: said.trim() || `perl ended with ${code}` };
  const asked = await run(program, ['-e', 'print syscall(444, 0, 0, 1)'], { env: {}, timeout: deadlineMs, signal });
  return { kind: 'works', version: `ABI ${asked.stdout}` };
}
