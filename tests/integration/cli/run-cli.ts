import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  /** The whole environment besides PATH and HOME; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the child as soon as stdout or stderr holds this text. */
  readonly when?: { readonly seen: string; readonly act: (child: ChildProcess) => void };
}

/** The command line as a person runs it, from source, with nobody at the keyboard. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: '/nowhere', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let acted = false;
  const look = (): void => {
    const { when } = options;
    if (acted || when === undefined || !(stdout + stderr).includes(when.seen)) return;
    acted = true;
    when.act(child);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    look();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
