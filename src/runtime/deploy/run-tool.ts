import { spawn } from 'node:child_process';

export interface Tool {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it says, as it says it. */
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

/** What it has to undo or to write down when it is told to end. */
const graceMs = 20_000;
const notStarted = 127;

/** Runs a program to its end and gives its exit code. It gets no input, so it can ask nothing; stopped, it is asked to end first. */
export async function runTool({ file, args, cwd, env, onText, signal }: Tool): Promise<number> {
  signal.throwIfAborted();
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', onText);
  }
  let kill: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const code = await new Promise<number>((resolve) => {
      child.once('error', (error) => {
        onText(`${file}: ${error.message}\n`);
        resolve(notStarted);
      });
      child.once('close', (ended) => resolve(ended ?? 1));
    });
    signal.throwIfAborted();
    return code;
  } finally {
    clearTimeout(kill);
    signal.removeEventListener('abort', stop);
  }
}
