import { spawn } from 'node:child_process';
import { EntropyError } from '../domain/error.ts';
import { isObject } from '../domain/json-shape.ts';
import { type ExitCode, exitCodes } from '../domain/outcome.ts';
import { teamStateKinds } from '../domain/stages/team-record.ts';
import type { TeamStanding } from '../domain/team-run.ts';
import { environmentWithout } from './config.ts';

export interface StepProcess {
  /** Of this very program: `team`, …, `--json=team`. */
  readonly arguments: readonly string[];
  readonly signal: AbortSignal;
  readonly stderr: { write(text: string): unknown };
}

export interface StepProcessEnd {
  /** null: no team, or it ended without telling. */
  readonly standing: TeamStanding | null;
  readonly exitCode: ExitCode;
}

/** Longer than any run may take: its own minutes end it first. */
const longestMs = 12 * 60 * 60_000;

/** One step in a process of its own, which inherits token and key; a cancel here reaches it as SIGTERM. */
export async function runStepProcess({ arguments: args, signal, stderr }: StepProcess): Promise<StepProcessEnd> {
  const [program] = process.argv.slice(1);
  if (program === undefined) throw new Error('this process does not know its own program');
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    env: environmentWithout([]),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
    killSignal: 'SIGTERM',
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.write(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) => reject(signal.aborted ? signal.reason : startFault(cause)));
    child.on('close', resolve);
  });
  signal.throwIfAborted();
  const known = Object.values(exitCodes).find((one) => one === code);
  return { standing: readStanding(out), exitCode: known ?? exitCodes.failed };
}

function startFault(cause: Error): EntropyError {
  return new EntropyError({
    code: 'E900',
    message: `the process of a step could not be started: ${cause.message}`,
    fix: 'report it',
    cause,
  });
}

/** Our own program's answer; anything else is none. */
function readStanding(out: string): TeamStanding | null {
  try {
    const value: unknown = JSON.parse(out.trim().split('\n').at(-1) ?? '');
    const team = isObject(value) ? value['team'] : undefined;
    const isStanding = isObject(team) && teamStateKinds.some((kind) => kind === team['state']);
    return isStanding ? (team as unknown as TeamStanding) : null;
  } catch {
    return null;
  }
}
