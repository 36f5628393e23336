import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../domain/error.ts';

/** What the folder of a kept run holds. */
export const runFiles = {
  trajectory: 'trajectory.jsonl',
  patch: 'patch.diff',
  report: 'report.json',
  /** A bare copy of a repository that exists nowhere else (the sample's), so that the run can be replayed. */
  repository: 'repository.git',
} as const;

/** Where a run is kept when nobody named a folder: `<state>/runs/<run id>`. */
export function runFolder(stateDir: string, runId: string): string {
  return path.join(stateDir, 'runs', runId);
}

/** The trajectory that a person means: a file, the folder of a run, or the id of a run that is kept. E102 when there is none. */
export async function findTrajectory(target: string, cwd: string, stateDir: string): Promise<string> {
  const isRunId = /^[0-9A-HJKMNP-TV-Z]{26}$/i.test(target);
  const asPath = path.resolve(cwd, target);
  const candidates = [
    asPath,
    path.join(asPath, runFiles.trajectory),
    ...(isRunId ? [path.join(runFolder(stateDir, target.toUpperCase()), runFiles.trajectory)] : []),
  ];
  for (const candidate of candidates) {
    if ((await stat(candidate).catch(() => undefined))?.isFile() === true) return candidate;
  }
  throw new EntropyError({
    code: 'E102',
    message: isRunId
      ? `no run ${target} is kept in ${path.join(stateDir, 'runs')}`
      : `there is no trajectory at ${asPath}`,
    fix: 'name a trajectory.jsonl, the folder of a run (--keep), or the id of a run that ran on this machine',
  });
}

/** The repository that belongs to a kept trajectory, when its run kept one beside it. */
export async function keptRepository(trajectory: string): Promise<string | undefined> {
  const beside = path.join(path.dirname(trajectory), runFiles.repository);
  return (await stat(beside).catch(() => undefined))?.isDirectory() === true ? beside : undefined;
}
