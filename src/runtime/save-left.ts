import type { Task } from '../domain/task.ts';
import { blobId } from '../flows/blob-id.ts';
import { readHandOver } from '../flows/ready-change.ts';
import { saveWork } from '../flows/save-work.ts';
import { tellSaved } from '../flows/tell-saved.ts';
import { knownSecrets, takeSecretInput } from './config.ts';
import type { GitHubConnection } from './github.ts';
import { readResult, readTask } from './hand-over.ts';

interface LeftWork {
  /** Where task.json lies, out of the agent's reach, and its SHA-256. */
  readonly task: { readonly path: string; readonly sha256: string };
  readonly resultDir: string;
  readonly dryRun: boolean;
}

export function leftWorkText(left: LeftWork): string {
  return JSON.stringify(left);
}

/**
 * The work in progress of a job that was cancelled before it could publish anything, by its `post`: the agent's process has
 * collected it when it was told to end. The key is here to be looked for.
 */
export async function saveLeft(
  {
    left,
    connection,
    log,
  }: { readonly left: string; readonly connection: GitHubConnection; readonly log: (line: string) => void },
  signal: AbortSignal,
): Promise<void> {
  const { task: written, resultDir, dryRun } = JSON.parse(left) as LeftWork;
  const handedOver = await readResult(resultDir);
  if (handedOver === undefined) return;
  takeSecretInput('anthropic-api-key');
  const { createSecretScanner } = await import('../adapters/secretlint/secret-scanner.ts');
  const task: Task = await readTask(written.path, written.sha256);
  const scanner = createSecretScanner({ known: knownSecrets() });
  const saver = { forge: connection.forge, task, scanner, blobId, log, dryRun, signal };
  const saved = await saveWork(saver, await readHandOver(task, handedOver));
  await tellSaved(saver, saved);
}
