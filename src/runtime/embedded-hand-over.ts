import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import type { ArtifactStore } from '../embedded/runner/artifact/artifact-store.ts';
import { handOverFiles } from './hand-over.ts';

/** What the jobs of a local run handed to each other until now; each is undefined while its job has left none. */
export interface EmbeddedHandOver {
  readonly task: Task | undefined;
  readonly result: RunResult | undefined;
  /** Absolute path. */
  readonly trajectory: string | undefined;
}

/** Reads the artifacts of the shipped workflow. */
export function readEmbeddedHandOver(artifacts: Pick<ArtifactStore, 'list'>): EmbeddedHandOver {
  const uploaded = artifacts.list();
  const fileOf = (artifact: string, file: string): string | undefined => {
    const folder = uploaded.find(({ name }) => name === artifact)?.folder;
    const path = folder === undefined ? undefined : join(folder, file);
    return path !== undefined && existsSync(path) ? path : undefined;
  };
  const task = fileOf('entropy-task', handOverFiles.task);
  const result = fileOf('entropy-result', handOverFiles.result);
  return {
    task: task === undefined ? undefined : (JSON.parse(readFileSync(task, 'utf8')) as Task),
    result: result === undefined ? undefined : (JSON.parse(readFileSync(result, 'utf8')) as RunResult),
    trajectory: fileOf('entropy-result', handOverFiles.trajectory),
  };
}
