import { fileURLToPath } from 'node:url';

/** How the command line starts the agent's worker: the module beside this one, as source or as build. */
export function ownWorkerCommand(): readonly [string, ...string[]] {
  return [process.execPath, beside('worker-process')];
}

/** How it starts the way out of a sandbox; with the machine's own authorities, as other programs on it have them. */
export function ownEgressCommand(): readonly [string, ...string[]] {
  return [process.execPath, '--use-system-ca', beside('egress-process')];
}

function beside(module: string): string {
  const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./${module}.${extension}`, import.meta.url));
}
