import { fileURLToPath } from 'node:url';

/** How the command line starts the agent's worker: the module beside this one, as source or as build. */
export function ownWorkerCommand(): readonly [string, ...string[]] {
  const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
  return [process.execPath, fileURLToPath(new URL(`./worker-process.${extension}`, import.meta.url))];
}
