import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttackId } from '../../attack/catalogue/attack.ts';
import type { Tried } from '../../attack/catalogue/try-attack.ts';

const folder = fileURLToPath(new URL('../../attack/', import.meta.url));

export interface Trial {
  readonly tried: readonly Tried[];
  /** Source files of ours that were loaded, from the root of the repository. */
  readonly loaded: ReadonlySet<string>;
  /** What the process said when it ended before all were tried. */
  readonly fault?: string;
}

export interface TrialRequest {
  readonly ids: readonly AttackId[];
  /** The defence that is switched off; absent: none. */
  readonly hole?: string;
  readonly deadlineMs: number;
}

let trials = 0;

/** Tries attacks in a process of their own, since a hole may spoil the process that it is planted in. */
export async function tryInProcess({ ids, hole, deadlineMs }: TrialRequest): Promise<Trial> {
  trials += 1;
  const loads = path.join(tmpdir(), `entropy-loads-${process.pid}-${trials}`);
  const preload = ['watch-loads.ts', 'planted-hole.ts'].flatMap((file) => ['--import', path.join(folder, file)]);
  const untilMissed = hole === undefined ? [] : ['--until-missed'];
  const child = spawn(process.execPath, [...preload, path.join(folder, 'try-attacks.ts'), ...untilMissed, ...ids], {
    env: { ...process.env, ENTROPY_LOADED_FILES: loads, ENTROPY_PLANTED_HOLE: hole ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-1_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    const late = setTimeout(() => killGroup(child.pid), deadlineMs);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(late);
      // What an escaped attack left running must not reach into the next one.
      killGroup(child.pid);
    });
    child.once('close', resolve);
  });
  const tried = output
    .split('\n')
    .filter((line) => line.startsWith('{"id"'))
    .map((line) => JSON.parse(line) as Tried);
  const trial = { tried, loaded: takeLoads(loads) };
  return code === 0 ? trial : { ...trial, fault: `ended with ${code}: ${complaints}` };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function takeLoads(file: string): ReadonlySet<string> {
  try {
    return new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  } finally {
    rmSync(file, { force: true });
  }
}
