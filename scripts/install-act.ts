/**
 * Puts act into .cache/bin unless it is there or on PATH: `node scripts/install-act.ts`. It is a program of Go, built from its
 * module at the version below; the checksum database of Go vouches for the sources. Prints the path.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const actVersion = '0.2.89';

const binFolder = fileURLToPath(new URL('../.cache/bin', import.meta.url));

/** The program, when its version is ours; another one may run workflows differently. */
export function findAct(): string | undefined {
  const folders = [
    binFolder,
    ...(process.env['PATH'] ?? '').split(delimiter),
    join(process.env['HOME'] ?? '', 'go/bin'),
  ];
  return folders.map((folder) => join(folder, 'act')).find(isOurVersion);
}

export const installHint = `install Go (https://go.dev/dl), then: node scripts/install-act.ts (builds act ${actVersion} into .cache/bin)`;

function isOurVersion(program: string): boolean {
  const told = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return told.status === 0 && told.stdout.trim().endsWith(` ${actVersion}`);
}

function install(): string {
  mkdirSync(binFolder, { recursive: true });
  execFileSync('go', ['install', `github.com/nektos/act@v${actVersion}`], {
    env: { ...process.env, GOBIN: binFolder },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 15 * 60_000,
  });
  return join(binFolder, 'act');
}

if (import.meta.main) {
  const known = findAct();
  if (known === undefined && spawnSync('go', ['version']).status !== 0) {
    console.error(`Go is missing, so act cannot be built. fix: ${installHint}`);
    process.exitCode = 3;
  } else {
    console.log(known ?? install());
  }
}
