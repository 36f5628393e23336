import { type ExecFileException, execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { filesOf, sha256 } from '../../scripts/release/files.ts';
import type { Figure } from './figure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const commandMs = 15 * 60_000;

/** Everything that a builder should not be able to tell, different in each. */
const machines = [
  { name: 'one', umask: '022', env: { TZ: 'UTC', LANG: 'C.UTF-8' } },
  {
    name: 'a/deeper folder/two',
    umask: '077',
    env: { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  },
] as const;

/**
 * Two clones of the same commit, built in different places by people with different settings, give a release of the same bytes:
 * bundles, package, list of parts and sums. Quick: the packages are those of this folder, and not installed anew.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const commit = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim();
  if (!/^[0-9a-f]{40}$/.test(commit)) {
    return { kind: 'missing', what: 'a git clone', fix: 'clone the repository: what is built is a commit' };
  }
  const place = mkdtempSync(path.join(tmpdir(), 'entropy-reproducible-'));
  try {
    const started = performance.now();
    const releases: string[] = [];
    for (const machine of machines) {
      releases.push(await buildOn(machine, { place, commit, quick }));
      progress(`${machine.name} is built after ${Math.round((performance.now() - started) / 1000)} s`);
    }
    const [one = '', two = ''] = releases;
    const names = [...new Set(releases.flatMap(filesOf))].sort();
    const different = names.filter((name) => digest(one, name) !== digest(two, name));
    const release = JSON.parse(readFileSync(path.join(one, 'release.json'), 'utf8')) as { readonly source: string };
    return {
      kind: 'measured',
      ok: names.length > 0 && different.length === 0,
      figures: {
        commit: release.source,
        files: names.length,
        different: different.slice(0, 20),
        sumsSha256: sha256(path.join(one, 'SHA256SUMS')),
        seconds: Math.round((performance.now() - started) / 1000),
      },
      limits: { different: 0 },
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};

interface Where {
  readonly place: string;
  readonly commit: string;
  readonly quick: boolean;
}

/** Returns the folder of the release. */
async function buildOn(machine: (typeof machines)[number], { place, commit, quick }: Where): Promise<string> {
  const folder = path.join(place, machine.name);
  const home = path.join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const clone = path.join(folder, 'clone');
  const node = path.dirname(process.execPath);
  const env = { ...machine.env, HOME: home, PATH: `${node}${path.delimiter}${process.env['PATH'] ?? ''}` };
  const run = (program: string, args: readonly string[], cwd: string) =>
    told(program, args, { cwd, env, umask: machine.umask });
  await run('git', ['clone', '--quiet', '--no-hardlinks', root, clone], folder);
  await run('git', ['checkout', '--quiet', '--detach', commit], clone);
  // A link would be followed, and what is bundled named after where it really lies.
  if (quick) await run('cp', ['-al', path.join(root, 'node_modules'), 'node_modules'], clone);
  else await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', npmCache()], clone);
  await run(process.execPath, ['scripts/build.ts'], clone);
  await run(process.execPath, ['scripts/release/assemble.ts', path.join(folder, 'release')], clone);
  return path.join(folder, 'release');
}

/** Downloads are shared, what is made of them is not. */
function npmCache(): string {
  return spawnSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).stdout.trim();
}

interface Told {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly umask: string;
}

async function told(program: string, args: readonly string[], { cwd, env, umask }: Told): Promise<void> {
  try {
    const line = ['-c', 'umask "$0" && exec "$@"', umask, program, ...args];
    await promisify(execFile)('sh', line, { cwd, env, timeout: commandMs, maxBuffer: 16 * 1024 ** 2 });
  } catch (error) {
    const { stdout, stderr } = error as ExecFileException;
    throw new Error(`${program} ${args.join(' ')} failed: ${stdout ?? ''}${stderr ?? ''}`.slice(0, 2_000), {
      cause: error,
    });
  }
}

function digest(folder: string, name: string): string {
  return filesOf(folder).includes(name) ? sha256(path.join(folder, name)) : 'missing';
}
