import { patchText } from '../../../../src/adapters/git/patch-text.ts';
import { type Attack, hindered, passed } from '../attack.ts';
import { layTrap, type Trap, unsprung, usualPath } from './trap.ts';

/** The difference between two commits, asked for in the very repository that carries the configuration. */
async function differenceIn({ repository }: Trap, signal: AbortSignal): Promise<string> {
  const from = repository.git('rev-parse', 'HEAD');
  repository.write('a.txt', 'changed\n');
  repository.write('.gitattributes', '*.txt diff=evil\n');
  const to = repository.commit();
  const place = { gitDir: `${repository.root}/.git`, workTree: repository.root, path: usualPath };
  return (await patchText({ place, from, to, signal })).toString('utf8');
}

export const externalDiff: Attack = {
  id: 'G3',
  title: 'the repository’s configuration names programs that are to draw and convert differences',
  attack: async (signal) => {
    using trap = layTrap();
    const { repository, program } = trap;
    for (const key of ['diff.external', 'diff.evil.command', 'diff.evil.textconv']) {
      repository.git('config', key, program);
    }
    await differenceIn(trap, signal);
    return unsprung(trap, 'the difference is made by plumbing that asks no program');
  },
  twin: async (signal) => {
    using trap = layTrap();
    const text = await differenceIn(trap, signal);
    return text.includes('+changed') ? passed('the difference shows the change') : hindered(text.slice(0, 200));
  },
};
