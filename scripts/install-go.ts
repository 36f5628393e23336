/**
 * Puts Go into .cache unless this machine has one, for the issues in Go of the evaluation: `node scripts/install-go.ts`. The archive is
 * the one that Go's own `GOTOOLCHAIN` fetches from a module proxy, taken by the checksum in go-toolchain.json. Prints the
 * program.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pinned from './go-toolchain.json' with { type: 'json' };

const { version } = pinned;
/** Named as a runner names its tool cache: such a folder is shown whole in a sandbox. */
const folder = fileURLToPath(new URL(`../.cache/_tool/go/${version}/${process.arch}`, import.meta.url));
const program = join(folder, 'bin', 'go');

/** That of this machine, else ours. */
export function findGo(): string | undefined {
  if (spawnSync('go', ['version'], { timeout: 30_000 }).status === 0) return 'go';
  return existsSync(program) ? program : undefined;
}

interface Archive {
  readonly file: string;
  readonly sha256: string;
}

async function install({ file, sha256 }: Archive): Promise<string> {
  const bytes = await download(`${proxy()}/golang.org/toolchain/@v/${file}`);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256)
    throw new Error(`${file} came with the SHA-256 ${actual}, which is not the one in scripts/go-toolchain.json`);
  // Moved into its place when it is whole: an install that was cut off is not taken for one.
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    const archive = join(partial, 'go.zip');
    writeFileSync(archive, bytes);
    unpack(archive, partial);
    const root = join(partial, 'golang.org', `toolchain@${file.replace(/\.zip$/, '')}`);
    // A module cannot hold another one, so these have other names in it; Go itself gives them back as well.
    for (const name of globSync('**/_go.mod', { cwd: root })) {
      renameSync(join(root, name), join(root, dirname(name), 'go.mod'));
    }
    // Archives of modules keep no modes.
    for (const name of globSync(['bin/*', 'pkg/tool/*/*'], { cwd: root })) chmodSync(join(root, name), 0o755);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(root, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return program;
}

/** The first of GOPROXY that is an address; what it sends is taken by its checksum alone. */
function proxy(): string {
  const named = (process.env['GOPROXY'] ?? '').split(/[,|]/).find((entry) => /^https?:\/\//.test(entry));
  return (named ?? 'https://proxy.golang.org').replace(/\/$/, '');
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10 * 60_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

function unpack(archive: string, to: string): void {
  const ways: readonly (readonly [string, ...string[]])[] = [
    ['unzip', '-q', archive, '-d', to],
    ['python3', '-m', 'zipfile', '-e', archive, to],
    ['bsdtar', '-xf', archive, '-C', to],
  ];
  const done = ways.some(([unzip, ...args]) => spawnSync(unzip, args, { stdio: ['ignore', 2, 2] }).status === 0);
  if (!done) throw new Error(`none of ${ways.map(([unzip]) => unzip).join(', ')} could unpack ${archive}`);
}

if (import.meta.main) {
  const archives: Readonly<Record<string, Archive>> = pinned.archives;
  const archive = archives[`${process.platform}-${process.arch}`];
  const known = findGo();
  if (known === undefined && archive === undefined) {
    console.error(
      `Go is missing, and there is no checksum of ours for ${process.platform}-${process.arch}. fix: https://go.dev/dl`,
    );
    process.exitCode = 3;
  } else {
    console.log(known ?? (archive === undefined ? undefined : await install(archive)));
  }
}
