import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { redactAll } from '../../domain/secret-guard.ts';
import { completeLines } from '../../domain/trajectory-text.ts';

/**
 * A recorded trajectory without the secrets that a process knows, in place of the one that was written by a process which
 * knows none. Every line stays, with its number; of a torn last line nothing does when it holds one.
 */
export async function clearTrajectory(path: string, redact: (text: string) => string): Promise<void> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return;
  const { text, changed } = clearedTrajectory(bytes, redact);
  if (!changed) return;
  const part = `${path}.cleared`;
  try {
    await writeFile(part, text, { mode: 0o600 });
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

/** The same for bytes that are at hand. */
export function clearedTrajectory(
  bytes: Uint8Array,
  redact: (text: string) => string,
): { readonly text: string; readonly changed: boolean } {
  const { lines, completeBytes } = completeLines(bytes);
  const torn = new TextDecoder().decode(bytes.subarray(completeBytes));
  const cleared = lines.map((line) => clearLine(line, redact));
  const rest = redact(torn) === torn ? torn : '';
  const changed = rest !== torn || cleared.some((line, at) => line !== lines[at]);
  return { text: cleared.map((line) => `${line}\n`).join('') + rest, changed };
}

function clearLine(line: string, redact: (text: string) => string): string {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    // Damaged: its readers say so, and it holds no less.
    return redact(line);
  }
  const before = JSON.stringify(event);
  const after = JSON.stringify(redactAll(event, redact));
  return after === before ? line : after;
}
