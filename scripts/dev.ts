/**
 * What `npm run dev` runs under `node --watch`: builds the actions if they are stale, then `start`, again after every
 * change. Options after `--` go to `start`: `npm run dev -- --serve --port 4711`.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(script: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  // `node --watch` ends us with SIGTERM when a file changes; what we started must not outlive us.
  const stop = (): void => void child.kill('SIGTERM');
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      resolve(code ?? 1);
    });
  });
}

const built = await run('scripts/build.ts', ['--if-stale']);
process.exitCode = built === 0 ? await run('src/cli/main.ts', ['start', ...process.argv.slice(2)]) : built;
