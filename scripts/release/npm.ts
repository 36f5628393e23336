import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withPlainMode } from './files.ts';

/** npm's standard output; throws with what it said. No script of any package runs. */
export function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args, '--ignore-scripts', '--silent'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 ** 2,
    timeout: 300_000,
  });
}

/**
 * Packs the package into `folder`. npm keeps the modes that it finds, which are those of somebody's umask; so a copy is packed, whose
 * modes are ours.
 */
export function packPackage(root: string, folder: string): void {
  const [packed] = JSON.parse(npm(['pack', '--dry-run', '--json'], root)) as readonly {
    readonly files: readonly { readonly path: string }[];
  }[];
  const stage = mkdtempSync(path.join(tmpdir(), 'entropy-package-'));
  try {
    for (const { path: name } of packed?.files ?? []) {
      // Says when something was built, not what.
      if (name === 'dist/.built-from') continue;
      const target = path.join(stage, name);
      mkdirSync(path.dirname(target), { recursive: true });
      copyFileSync(path.join(root, name), target);
      withPlainMode(target);
    }
    npm(['pack', '--pack-destination', folder], stage);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
}

export function readManifest(root: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
}
