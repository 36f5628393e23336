// The Node that our scripts run with. Its package `node` would fetch the program in a script of its own, past the lock file; so no
// package's script is run at all, and the program is fetched here by the checksum that stands in node-runtime.json.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const isWindows = process.platform === 'win32';
const npm = isWindows ? 'npm.cmd' : 'npm';

/** Puts it into `node_modules/node/bin`. Returns what went wrong, in a sentence. */
export function installRuntime(root) {
  const pinned = JSON.parse(readFileSync(path.join(root, 'scripts/node-runtime.json'), 'utf8'));
  const known = pinned.packages[`${process.platform}-${process.arch}`];
  // No checksum of ours for this machine: npm asks the package itself, as it always did.
  if (known === undefined) return npmRun(root, ['rebuild', 'node']) ? undefined : '`npm rebuild node` failed';

  const folder = mkdtempSync(path.join(tmpdir(), 'entropy-node-'));
  try {
    const wanted = `${known.name}@${pinned.version}`;
    if (!npmRun(folder, ['pack', '--silent', '--ignore-scripts', wanted])) return `\`npm pack ${wanted}\` failed`;
    const archive = path.join(folder, `${known.name}-${pinned.version}.tgz`);
    const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (integrity !== known.integrity) {
      return `${wanted} came with the checksum ${integrity}, which is not the one in scripts/node-runtime.json`;
    }
    const program = isWindows ? 'node.exe' : 'node';
    const untar = spawnSync('tar', ['-xzf', archive, '-C', folder, `package/bin/${program}`], {
      stdio: ['ignore', 2, 2],
    });
    if (untar.status !== 0) return '`tar` could not take Node out of its archive';
    const target = path.join(root, 'node_modules/node/bin');
    mkdirSync(target, { recursive: true });
    const fresh = path.join(target, `${program}.${process.pid}`);
    copyFileSync(path.join(folder, 'package/bin', program), fresh);
    chmodSync(fresh, 0o755);
    renameSync(fresh, path.join(target, program));
    linkRuntime(path.join(root, 'node_modules/.bin'));
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** npm links only what was there when it looked. */
function linkRuntime(folder) {
  mkdirSync(folder, { recursive: true });
  if (isWindows) {
    writeFileSync(path.join(folder, 'node.cmd'), '@"%~dp0\\..\\node\\bin\\node.exe" %*\r\n');
    return;
  }
  rmSync(path.join(folder, 'node'), { force: true });
  symlinkSync('../node/bin/node', path.join(folder, 'node'));
}

function npmRun(cwd, args) {
  return spawnSync(npm, args, { cwd, stdio: ['ignore', 2, 2], shell: isWindows }).status === 0;
}
