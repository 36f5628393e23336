import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of Python that tests need: installed by pip (from wherever pip is told to) into an environment of its own. */
export interface PythonTool {
  readonly name: string;
  readonly version: string;
  /** As pip knows it: `moto[server]`. */
  readonly requirement: string;
  /** The script of ours that installs it. */
  readonly script: string;
}

interface Place {
  readonly folder: string;
  readonly python: string;
  /** Written last: an install that was cut off is not taken for one. */
  readonly wholeMark: string;
}

function placeOf({ name, version }: PythonTool): Place {
  const folder = fileURLToPath(new URL(`../.cache/${name}-${version}`, import.meta.url));
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  return { folder, python, wholeMark: join(folder, 'installed') };
}

export function pythonToolHint({ script }: PythonTool): string {
  return `install Python 3.10 or newer with its venv module, then: node scripts/${script}`;
}

/** The Python that has it. */
export function findPythonTool(tool: PythonTool): string | undefined {
  const { python, wholeMark } = placeOf(tool);
  return existsSync(wholeMark) && existsSync(python) ? python : undefined;
}

function install(tool: PythonTool): string {
  const { folder, python, wholeMark } = placeOf(tool);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const run = (program: string, args: readonly string[]): void => {
    execFileSync(program, args, { stdio: ['ignore', 2, 2], timeout: 10 * 60_000 });
  };
  run('python3', ['-m', 'venv', folder]);
  const quiet = ['--quiet', '--no-compile', '--disable-pip-version-check'];
  run(python, ['-m', 'pip', 'install', ...quiet, `${tool.requirement}==${tool.version}`]);
  writeFileSync(wholeMark, `${tool.version}\n`);
  return python;
}

/** For scripts: installs it unless it is there, prints the Python that runs it; exit 3 where there is no Python. */
export function installPythonTool(tool: PythonTool): void {
  const known = findPythonTool(tool);
  const canInstall = known !== undefined || spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;
  if (canInstall) {
    console.log(known ?? install(tool));
    return;
  }
  console.error(`Python with venv is missing, so ${tool.name} cannot be installed. fix: ${pythonToolHint(tool)}`);
  process.exitCode = 3;
}
