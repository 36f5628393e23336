import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tried } from '../../attack/catalogue/try-attack.ts';

const folder = fileURLToPath(new URL('../../attack/', import.meta.url));

export interface Trial {
  readonly tried: readonly TriedAttack[];
  /** By attack: the defences of which it ran a piece. One that ended its process is not among them. */
  readonly ran: ReadonlyMap<string, ReadonlySet<string>>;
  /** What the process said when it ended before all were tried. */
  readonly fault?: string;
}

export interface TriedAttack extends Tried {
  /** `S2#3`: the third of that id. */
  readonly attack: string;
}

export interface TrialRequest {
  /** Ids, or names of single attacks. */
  readonly attacks: readonly string[];
  /** The defence that is switched off; absent: none, and it is watched what runs. */
  readonly hole?: string;
  readonly deadlineMs: number;
}

let trials = 0;

/** Tries attacks in a process of their own, since a hole may spoil the process that it is planted in. */
export async function tryInProcess({ attacks, hole, deadlineMs }: TrialRequest): Promise<Trial> {
  trials += 1;
  const watched = path.join(tmpdir(), `entropy-runs-${process.pid}-${trials}`);
  const preload = ['watch-runs.ts', 'planted-hole.ts'].flatMap((file) => ['--import', path.join(folder, file)]);
  const untilMissed = hole === undefined ? [] : ['--until-missed'];
  const child = spawn(process.execPath, [...preload, path.join(folder, 'try-attacks.ts'), ...untilMissed, ...attacks], {
    env: { ...process.env, ENTROPY_WATCHED_RUNS: hole === undefined ? watched : '', ENTROPY_PLANTED_HOLE: hole ?? '' },
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
    .filter((line) => line.startsWith('{"attack"'))
    .map((line) => JSON.parse(line) as TriedAttack);
  const trial = { tried, ran: takeRuns(watched) };
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

function takeRuns(file: string): Trial['ran'] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    const runs = lines.map((line) => JSON.parse(line) as { readonly attack: string; readonly ran: readonly string[] });
    return new Map(runs.map(({ attack, ran }) => [attack, new Set(ran)]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  } finally {
    rmSync(file, { force: true });
  }
}
