import { removePlantedRepositories } from '../../../../src/adapters/git/planted-repositories.ts';
import type { Attack } from '../attack.ts';
import { changed, collect, layTrap, type Trap, unsprung, usualPath } from './trap.ts';

/** All that runs outside of the sandbox in such a repository: the patch is made, and planted repositories are looked for. */
async function workIn({ repository }: Trap, signal: AbortSignal) {
  const { patch } = await collect(repository, () => repository.write('a.txt', 'changed\n'), signal);
  await removePlantedRepositories({ root: repository.root, path: usualPath, signal });
  return patch;
}

function withMonitor(monitor: (program: string) => string): Trap {
  const trap = layTrap();
  const { repository, program } = trap;
  repository.git('update-index', '--fsmonitor');
  repository.git('config', 'core.fsmonitor', monitor(program));
  trap.rearm();
  return trap;
}

export const fsmonitor: Attack = {
  id: 'G1',
  title: 'the repository’s configuration names a program that is to tell git which files changed',
  attack: async (signal) => {
    using trap = withMonitor((program) => program);
    await workIn(trap, signal);
    return unsprung(trap, 'git was told that there is no monitor');
  },
  twin: async (signal) => {
    using trap = withMonitor(() => 'false');
    return changed(await workIn(trap, signal), 'a.txt');
  },
};
