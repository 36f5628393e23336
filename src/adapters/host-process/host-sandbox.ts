import { realpathSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { baseEnvironment, baseVariable } from '../../domain/sandbox-layout.ts';
import type { Sandbox, SandboxOptions } from '../../ports/sandbox.ts';
import type { HostPass } from './host-pass.ts';
import { commandsOnHost } from './run-on-host.ts';

/** Commands on the machine itself, which another process can run too, by the pass. */
export interface HostSandbox extends Sandbox {
  readonly pass: HostPass;
}

/** What commands find on the machine: real paths. */
export interface HostPlace {
  readonly workspace: string;
  readonly base?: string;
  readonly home: string;
  readonly temp: string;
}

export async function openOnHost(
  options: SandboxOptions,
  about: (place: HostPlace) => Pick<HostPass, 'rung' | 'description' | 'walls'>,
): Promise<HostSandbox> {
  await using owned = new AsyncDisposableStack();
  const folder = await mkdtemp(join(realpathSync(tmpdir()), 'entropy-host-'));
  owned.defer(() => rm(folder, { recursive: true, force: true }));
  const place = {
    workspace: folderOf(options.workspace),
    ...(options.base === undefined ? {} : { base: folderOf(options.base) }),
    home: options.home ?? join(folder, 'home'),
    temp: join(folder, 'tmp'),
  };
  await mkdir(place.home, { recursive: true, mode: 0o700 });
  await mkdir(place.temp);
  const pass: HostPass = {
    kind: 'host',
    ...about(place),
    workspace: place.workspace,
    ...(place.base === undefined ? {} : { base: place.base }),
    env: {
      ...baseEnvironment(options.hostPath),
      HOME: place.home,
      TMPDIR: place.temp,
      ...(place.base === undefined ? {} : { [baseVariable]: place.base }),
      ...options.env,
    },
    limits: options.limits,
  };
  const kept = owned.move();
  return { ...commandsOnHost(pass), pass, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** What another process opened; disposing it leaves it open for that one. */
export function enterOnHost(pass: HostPass): Sandbox {
  return { ...commandsOnHost(pass), [Symbol.asyncDispose]: async () => undefined };
}

function folderOf(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return realpathSync(path);
  throw new EntropyError({
    code: 'E403',
    message: `the workspace ${path} is not a folder`,
    fix: 'name a folder that holds the checked-out repository',
  });
}
