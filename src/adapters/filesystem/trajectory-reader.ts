import { readFile } from 'node:fs/promises';
import { EntropyError } from '../../domain/error.ts';
import { type ParsedTrajectory, parseTrajectory } from '../../domain/trajectory-text.ts';

/** Every complete event of a trajectory file. Throws E102 when it cannot be read, E306 (with the line) when damaged. */
export async function readTrajectory(path: string): Promise<ParsedTrajectory> {
  return parseTrajectory(await readFile(path).catch((cause: unknown) => Promise.reject(unreadable(path, cause))));
}

function unreadable(path: string, cause: unknown): EntropyError {
  return new EntropyError({
    code: 'E102',
    message: `cannot read the trajectory ${path}`,
    fix: 'name a trajectory.jsonl that a run wrote (artifact entropy-result, or the folder given with --keep)',
    cause,
  });
}
