import { resolve } from 'node:path';
import { removePlantedRepositories } from '../adapters/git/planted-repositories.ts';
import { describeError } from '../domain/error.ts';
import type { ActionIo } from './action-io.ts';
import { closeAction } from './close-action.ts';
import { readActionEnvironment, readActionInputs } from './config.ts';
import { text } from './value-reader.ts';

/**
 * `post` of coder. Runs before the post step of actions/checkout, which runs git in the workspace: whatever the agent
 * left there that git would obey goes first, also when main was cancelled or killed.
 */
export async function coderPost(io: ActionIo): Promise<void> {
  try {
    await clearTraps(io);
  } finally {
    await closeAction(io);
  }
}

export async function clearTraps(io: ActionIo): Promise<void> {
  const inputs = readActionInputs({ workspace: text });
  const { github, hostPath } = readActionEnvironment();
  const root = resolve(github.workspace, inputs.workspace ?? '.');
  try {
    const removed = await removePlantedRepositories({ root, path: hostPath, signal: AbortSignal.timeout(30_000) });
    for (const place of removed)
      await io.warning(`removed from the workspace, where git would have obeyed it: ${place}`);
  } catch (error) {
    await io.warning(`the workspace could not be searched for planted repositories: ${describeError(error)}`);
  }
}
