import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearTrajectory } from '../adapters/filesystem/clear-trajectory.ts';
import { createSecretScanner } from '../adapters/secretlint/secret-scanner.ts';
import { EntropyError } from '../domain/error.ts';
import type { RunResult } from '../domain/run-result.ts';
import { createSecretGuard, redactAll, type SecretGuard } from '../domain/secret-guard.ts';
import { startingSha, type Task } from '../domain/task.ts';
import { clearResult } from '../flows/clear-result.ts';
import { parseRunResult } from '../flows/run-result-schema.ts';
import { handOverFiles, readFault, readResult, writeFault } from './hand-over.ts';

export interface ClearingOptions {
  readonly task: Task;
  /** Absolute path of the folder that is handed over. */
  readonly resultDir: string;
  /** Absolute path of the working copy, for what its base holds already. */
  readonly workspace: string;
  readonly hostPath: string;
  /** Values that must not leave, by the name that a finding tells. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Takes the secrets that this process knows, and what looks like one, out of the folder that an agent hands over. The agent
 * worked in a process that knows none of them. Tells the result as it is then: the given one, else the one that lies
 * there; undefined without one that can be read. What could not be looked through is not left there.
 */
export async function clearHandOver(
  options: ClearingOptions,
  given: RunResult | undefined,
  signal: AbortSignal,
): Promise<RunResult | undefined> {
  const { resultDir, secrets } = options;
  const guard = createSecretGuard(secrets);
  const path = join(resultDir, handOverFiles.result);
  const result = given ?? (await leftResult(resultDir));
  await rm(path, { force: true });
  await clearRecord(join(resultDir, handOverFiles.trajectory), guard);
  const fault = await readFault(resultDir);
  if (fault !== undefined) await writeFault(resultDir, redactAll(fault, guard.redact));
  if (result === undefined) return undefined;
  const baseFile = baseReader(options, signal);
  const scanner = createSecretScanner({ known: secrets });
  const cleared = await clearResult(result, { guard, scanner, baseFile });
  await writeFile(path, `${JSON.stringify(cleared)}\n`);
  return cleared;
}

/** Of a job whose agent was killed. A result that cannot be read is told of in its place, as the publisher would. */
async function leftResult(resultDir: string): Promise<RunResult | undefined> {
  try {
    const value = await readResult(resultDir);
    return value === undefined ? undefined : await parseRunResult(value);
  } catch (error) {
    const unreadable = error instanceof EntropyError && error.code === 'E603';
    if (!unreadable) throw error;
    await writeFault(resultDir, { code: error.code, message: error.message, fix: error.fix });
    return undefined;
  }
}

async function clearRecord(path: string, { redact }: SecretGuard): Promise<void> {
  try {
    await clearTrajectory(path, redact);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

function baseReader({ task, workspace, hostPath }: ClearingOptions, signal: AbortSignal) {
  return async (file: string): Promise<Uint8Array | undefined> => {
    const { readFromBase } = await import('../adapters/git/open-base.ts');
    const base = { root: workspace, sha: startingSha(task), tempDir: tmpdir(), path: hostPath };
    const text = await readFromBase(base, file, signal);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  };
}
