import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Waits for a process that must succeed; what it said is told otherwise. Standard output, when it is a pipe. */
export async function successfulEnd(child: ChildProcess): Promise<string> {
  const output: Buffer[] = [];
  let complaints = '';
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-2_000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}: ${complaints}`);
  return Buffer.concat(output).toString('utf8');
}
