import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of Go that tests need: built from its module, for whose sources the checksum database of Go vouches. */
export interface GoTool {
  readonly name: string;
  readonly version: string;
  /** The package of the program: `github.com/nektos/act`. */
  readonly module: string;
  /** What tells its version, and whether that is ours. */
  readonly versionFlag: string;
  readonly isOurs: (told: string) => boolean;
  /** The script of ours that installs it. */
  readonly script: string;
}

const binFolder = fileURLToPath(new URL('../.cache/bin', import.meta.url));

export function goToolHint({ name, version, script }: GoTool): string {
  return `install Go (https://go.dev/dl), then: node scripts/${script} (builds ${name} ${version} into .cache/bin)`;
}

/** The program, when its version is ours; another one may judge differently. */
export function findGoTool({ name, versionFlag, isOurs }: GoTool): string | undefined {
  const folders = [
    binFolder,
    ...(process.env['PATH'] ?? '').split(delimiter),
    join(process.env['HOME'] ?? '', 'go/bin'),
  ];
  return folders
    .map((folder) => join(folder, name))
    .find((program) => {
      const told = spawnSync(program, [versionFlag], { encoding: 'utf8', timeout: 10_000 });
      return told.status === 0 && isOurs(told.stdout.trim());
    });
}

function install({ name, version, module }: GoTool): string {
  mkdirSync(binFolder, { recursive: true });
  execFileSync('go', ['install', `${module}@v${version}`], {
    env: { ...process.env, GOBIN: binFolder },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 15 * 60_000,
  });
  return join(binFolder, name);
}

/** For scripts: builds it unless it is there, prints its path; exit 3 where there is no Go. */
export function installGoTool(tool: GoTool): void {
  const known = findGoTool(tool);
  if (known === undefined && spawnSync('go', ['version']).status !== 0) {
    console.error(`Go is missing, so ${tool.name} cannot be built. fix: ${goToolHint(tool)}`);
    process.exitCode = 3;
    return;
  }
  console.log(known ?? install(tool));
}
