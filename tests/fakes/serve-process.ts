import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly adminKey: string | null;
  readonly child: ChildProcess;
  readonly stderr: () => string;
}

/** `entropy-playground serve` as a process of its own, on any free port. */
export async function serve(state: string, ...more: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--state', state, '--json', ...more], {
    env: { PATH: process.env['PATH'] ?? '', HOME: path.dirname(state) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`it ended: ${stderr}`))),
  ])) as [string];
  const { url, adminKey } = JSON.parse(line) as { url: string; adminKey: string | null };
  return {
    url,
    adminKey,
    child,
    stderr: () => stderr,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  };
}
