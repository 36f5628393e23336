import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describeError } from '../../domain/error.ts';
import { installHint, namespaceHint, type SandboxPackages } from '../../domain/sandbox-fix.ts';
import type { SandboxAvailability } from '../../ports/sandbox.ts';
import { trustedProgram } from './trusted-program.ts';

const run = promisify(execFile);
const deadlineMs = 5_000;

export interface Probe {
  /** All that this rung starts; the first one is the one that the kernel may forbid namespaces to. */
  readonly programs: readonly [string, ...string[]];
  readonly packages: SandboxPackages;
  readonly versionOf: readonly [string, ...string[]];
  readonly minVersion: readonly [number, number];
  /** A smallest sandbox: program, arguments. It must end with 0. */
  readonly trial: readonly [string, ...string[]];
}

/** Tries, instead of guessing from kernel settings; those only serve to say what to do when the trial fails. */
export async function probeNamespaces(probe: Probe, signal: AbortSignal): Promise<SandboxAvailability> {
  if (process.platform !== 'linux') {
    const fix = 'run on Linux: a hosted runner (`runs-on: ubuntu-24.04`), a virtual machine, or WSL 2 on Windows';
    return { kind: 'unavailable', reason: `namespaces are Linux's own, and this is ${process.platform}`, fix };
  }
  const missing = probe.programs.filter((name) => trustedProgram(name) === undefined);
  if (missing.length > 0) {
    const osRelease = readIfThere('/etc/os-release');
    return {
      kind: 'unavailable',
      reason: `${missing.join(', ')} not found`,
      fix: installHint(osRelease, probe.packages),
    };
  }
  const options = { env: {}, cwd: '/', timeout: deadlineMs, signal };
  const [trial, version] = await Promise.allSettled([
    run(pathOf(probe.trial[0]), probe.trial.slice(1), options),
    run(pathOf(probe.versionOf[0]), probe.versionOf.slice(1), options),
  ]);
  signal.throwIfAborted();
  const seen = version.status === 'fulfilled' ? (/\d+\.\d+(?:\.\d+)*/.exec(version.value.stdout)?.[0] ?? '') : '';
  if (seen !== '' && isOlder(seen, probe.minVersion)) {
    const wanted = probe.minVersion.join('.');
    const fix = `use a newer system (ubuntu-24.04, Debian 12), or build ${probe.versionOf[0]} ${wanted} or later`;
    return { kind: 'unavailable', reason: `${probe.versionOf[0]} ${seen} is older than ${wanted}`, fix };
  }
  if (trial.status === 'rejected') return cannotMake(probe, trial.reason);
  return { kind: 'available', version: seen === '' ? 'of unknown version' : seen };
}

function cannotMake(probe: Probe, error: unknown): SandboxAvailability {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const reason = `a trial failed: ${(text === '' ? describeError(error) : text).slice(0, 300)}`;
  const read = (name: string): string => readIfThere(`/proc/sys/${name}`).trim();
  const switches = {
    apparmorRestricts: read('kernel/apparmor_restrict_unprivileged_userns') === '1' && process.geteuid?.() !== 0,
    cloneForbidden: read('kernel/unprivileged_userns_clone') === '0',
    noneAllowed: read('user/max_user_namespaces') === '0',
    inContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
  };
  return { kind: 'unavailable', reason, fix: namespaceHint(switches, probe.programs[0]) };
}

export function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [seenMajor = 0, seenMinor = 0] = version.split('.').map(Number);
  return seenMajor < major || (seenMajor === major && seenMinor < minor);
}

function pathOf(name: string): string {
  return trustedProgram(name) ?? name;
}

export function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A kernel or system without this file has nothing to say on the matter.
    return '';
  }
}
