import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyImage } from '../../domain/docker-arguments.ts';
import { EntropyError } from '../../domain/error.ts';
import { installHint } from '../../domain/sandbox-fix.ts';
import type { SandboxAvailability } from '../../ports/sandbox.ts';
import { askEngine, type DockerEngine, ensureImage, findEngine } from './docker-engine.ts';
import { makeOwnFolder, removeOwnFolder } from './own-folder.ts';
import { isOlder, readIfThere } from './probe.ts';
import { trustedProgram } from './trusted-program.ts';

/** `--pull never`, without which a name that is not there would be looked for on the network. */
const minVersion = [20, 10] as const;
const packages = {
  debian: 'docker.io',
  fedora: 'moby-engine',
  arch: 'docker',
  alpine: 'docker',
  suse: 'docker',
};

/** Whether an engine is there, may be used by this user, and sees the same files as this process. */
export async function probeDocker(sockets: readonly string[], signal: AbortSignal): Promise<SandboxAvailability> {
  if (process.platform !== 'linux') {
    const reason = `the machine's own programs are shown in it, and this is ${process.platform}`;
    return { kind: 'unavailable', reason, fix: 'run on Linux: a hosted runner (`runs-on: ubuntu-24.04`) or WSL 2' };
  }
  if (trustedProgram('docker') === undefined) {
    const fix = installHint(readIfThere('/etc/os-release'), packages);
    return { kind: 'unavailable', reason: 'docker not found', fix };
  }
  await using owned = new AsyncDisposableStack();
  const folder = owned.adopt(makeOwnFolder(), removeOwnFolder);
  const config = join(folder, 'engine');
  mkdirSync(config);
  try {
    const engine = await findEngine({ sockets, config }, signal);
    const { version } = engine;
    if (isOlder(version, minVersion)) {
      const fix = 'install Docker Engine 20.10 or later';
      return { kind: 'unavailable', reason: `docker ${version} is older than ${minVersion.join('.')}`, fix };
    }
    await ensureImage(engine, signal);
    return (await seesOurFiles(engine, folder, signal)) ? { kind: 'available', version } : elsewhere;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof EntropyError)) throw error;
    const fix = 'start the engine, and let this user use it (`sudo usermod -aG docker "$USER"`, or a rootless engine)';
    return { kind: 'unavailable', reason: error.message.slice(0, 300), fix };
  }
}

const elsewhere: SandboxAvailability = {
  kind: 'unavailable',
  reason: 'the engine works on the files of another machine or container',
  fix: 'run on the machine on which the engine runs; in a job leave `container:` out',
};

/** A socket that was passed into a container leads to an engine that knows nothing of the container's files. */
async function seesOurFiles(engine: DockerEngine, folder: string, signal: AbortSignal): Promise<boolean> {
  const told = randomUUID();
  const shown = join(folder, 'shown');
  mkdirSync(shown);
  writeFileSync(join(shown, 'told'), told);
  const mounts = ['/usr', '/bin', '/lib', '/lib64'].flatMap((path) => ['--volume', `${path}:${path}:ro`]);
  const walls = ['--network', 'none', '--read-only', '--cap-drop', 'ALL', '--pull', 'never', '--log-driver', 'none'];
  const words = ['run', '--rm', ...walls, ...mounts, '--volume', `${shown}:/shown:ro`];
  const said = await askEngine(engine, [...words, '--entrypoint', '/bin/cat', emptyImage, '/shown/told'], signal);
  return said.trim() === told;
}
