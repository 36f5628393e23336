import { EntropyError } from '../../../../src/domain/error.ts';
import type { Attack } from '../attack.ts';
import { changed, collect, layTrap, type Trap, unsprung } from './trap.ts';

/** The agent names a filter for all files; where a program for it stands is what an attack is about. */
async function collectFiltered({ repository }: Trap, attribute: string, signal: AbortSignal) {
  const work = (): void => {
    repository.write('.gitattributes', `* ${attribute}\n`);
    repository.write('a.txt', 'changed\n');
  };
  try {
    return (await collect(repository, work, signal)).patch;
  } catch (error) {
    // A filtered file is refused, which is one way to be contained; whether the filter ran is another question.
    if (error instanceof EntropyError && error.code === 'E600') return undefined;
    throw error;
  }
}

export const configuredFilter: Attack = {
  id: 'G2',
  title: 'the repository’s configuration names a program through which git is to read files',
  attack: async (signal) => {
    using trap = layTrap();
    trap.repository.git('config', 'filter.evil.clean', trap.program);
    await collectFiltered(trap, 'filter=evil', signal);
    return unsprung(trap, 'the patch is made in a git folder of our own, which has no filter');
  },
  twin: async (signal) => {
    using trap = layTrap();
    trap.repository.git('config', 'filter.evil.clean', trap.program);
    return changed(await collectFiltered(trap, 'text', signal), 'a.txt');
  },
};

export const filterFromEnvironment: Attack = {
  id: 'G2',
  title: 'an earlier step put configuration of git into the environment of the job',
  attack: async (signal) => {
    using trap = layTrap();
    const variable = 'GIT_CONFIG_PARAMETERS';
    process.env[variable] = `'filter.evil.clean'='${trap.program}'`;
    try {
      await collectFiltered(trap, 'filter=evil', signal);
    } finally {
      delete process.env[variable];
    }
    return unsprung(trap, 'git gets an environment of ours, and nothing of the job’s');
  },
  twin: async (signal) => {
    using trap = layTrap();
    return changed(await collectFiltered(trap, 'text', signal), 'a.txt');
  },
};
