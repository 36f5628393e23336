/**
 * Puts moto, a stand-in for AWS's APIs, into .cache unless it is there: `node scripts/install-moto.ts`. It is a program of
 * Python, installed by pip (from wherever pip is told to) into an environment of its own. Prints the Python that runs it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const motoVersion = '5.2.1';

const folder = fileURLToPath(new URL(`../.cache/moto-${motoVersion}`, import.meta.url));
const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
/** Written last: an install that was cut off is not taken for one. */
const wholeMark = join(folder, 'installed');

export const motoHint = 'install Python 3.9 or newer with its venv module, then: node scripts/install-moto.ts';

/** The Python that has it. */
export function findMoto(): string | undefined {
  return existsSync(wholeMark) && existsSync(python) ? python : undefined;
}

function install(): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const run = (program: string, args: readonly string[]): void => {
    execFileSync(program, args, { stdio: ['ignore', 2, 2], timeout: 10 * 60_000 });
  };
  run('python3', ['-m', 'venv', folder]);
  run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-compile',
    '--disable-pip-version-check',
    `moto[server]==${motoVersion}`,
  ]);
  writeFileSync(wholeMark, `${motoVersion}\n`);
  return python;
}

if (import.meta.main) {
  const known = findMoto();
  const canInstall = known !== undefined || spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;
  if (canInstall) {
    console.log(known ?? install());
  } else {
    console.error(`Python with venv is missing, so moto cannot be installed. fix: ${motoHint}`);
    process.exitCode = 3;
  }
}
