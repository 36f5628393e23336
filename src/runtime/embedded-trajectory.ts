import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import { handOverFiles } from './hand-over.ts';

const betweenLooksMs = 25;

/**
 * Where the agent job of a local run writes its trajectory: `<jobs>/jobs/<job>/<repository>/<repository>/entropy-result`.
 * Waits for it; undefined when there still is none at the abort, as when the job failed before the agent began.
 */
export async function findJobTrajectory(
  jobsDir: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  while (!signal.aborted) {
    const path = trajectoryBelow(jobsDir);
    if (path !== undefined) return path;
    // The abort ends the wait, not the search: one more look comes after it.
    await clock.sleep(betweenLooksMs, signal).catch(() => undefined);
  }
  return trajectoryBelow(jobsDir);
}

function trajectoryBelow(jobsDir: string): string | undefined {
  const workspaces = foldersIn(join(jobsDir, 'jobs')).flatMap(foldersIn).flatMap(foldersIn);
  return workspaces
    .map((workspace) => join(workspace, 'entropy-result', handOverFiles.trajectory))
    .find((path) => existsSync(path));
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}
