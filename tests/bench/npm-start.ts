import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EmbeddedReport } from '../../src/domain/embedded-run.ts';
import { successfulEnd } from './child-end.ts';
import { type MemorySeen, watchMemory } from './process-memory.ts';

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface NpmStart {
  readonly report: EmbeddedReport;
  /** From the spawn of npm to its end. */
  readonly seconds: number;
  readonly memory: MemorySeen;
}

/** `npm start -- --json` on the sample, as a person runs it who has built before. */
export async function npmStart(): Promise<NpmStart> {
  await successfulEnd(
    spawn(process.execPath, ['scripts/build.ts', '--if-stale'], { cwd: packageRoot, stdio: 'ignore' }),
  );
  const started = performance.now();
  const child = spawn('npm', ['start', '--silent', '--', '--json'], {
    cwd: packageRoot,
    // Without a key it takes the scripted model, whatever the person who measures has set.
    env: { ...process.env, ANTHROPIC_API_KEY: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const memory = watchMemory(child.pid ?? 0, { everyMs: 25 });
  const text = await successfulEnd(child);
  const seconds = (performance.now() - started) / 1_000;
  return { report: JSON.parse(text) as EmbeddedReport, seconds, memory: memory.stop() };
}
