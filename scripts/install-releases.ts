/**
 * Puts the releases that `verify conflicts` merges into .cache, with what their tests need: `node scripts/install-releases.ts`. Every
 * archive is taken by the checksum in tests/bench/conflicts/releases/package-lock.json, and runs no script. Prints the folder.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pinned = fileURLToPath(new URL('../tests/bench/conflicts/releases', import.meta.url));
const files = ['package.json', 'package-lock.json'] as const;

export const releasesHint = 'node scripts/install-releases.ts';

/** The folder, when what is locked today is installed there. */
export function findReleases(): string | undefined {
  const folder = folderOf();
  return existsSync(folder) ? folder : undefined;
}

function folderOf(): string {
  const lock = readFileSync(join(pinned, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  return fileURLToPath(new URL(`../.cache/releases-${digest}`, import.meta.url));
}

function install(): string {
  const folder = folderOf();
  // Moved into its place when it is whole: an install that was cut off is not taken for one.
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    for (const name of files) copyFileSync(join(pinned, name), join(partial, name));
    const isWindows = process.platform === 'win32';
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = spawnSync(isWindows ? 'npm.cmd' : 'npm', args, {
      cwd: partial,
      stdio: ['ignore', 2, 2],
      shell: isWindows,
      timeout: 10 * 60_000,
    });
    if (npm.status !== 0) throw new Error('`npm ci` failed; its own message is above (check the network or proxy)');
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

if (import.meta.main) console.log(findReleases() ?? install());
