import { execFileSync } from 'node:child_process';
import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removePlantedRepositories } from '../../../../src/adapters/git/planted-repositories.ts';
import { type Attack, hindered, passed } from '../attack.ts';
import { layTrap, type Trap, unsprung, usualPath } from './trap.ts';

/** The very command with which the post step of actions/checkout looks for credentials that it left. */
function cleanUpOfCheckout(root: string): void {
  const look = `sh -c "git config --local --name-only --get-regexp 'core\\.sshCommand' && git config --local --unset-all 'core.sshCommand' || :"`;
  execFileSync('git', ['submodule', 'foreach', '--recursive', look], { cwd: root, stdio: 'pipe' });
}

/** A repository with a submodule that was not fetched, as a checkout leaves it; in its folder the agent makes another. */
function withNested(monitor: (program: string) => string): Trap {
  const trap = layTrap({
    'a.txt': 'a\n',
    '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://example.invalid/lib\n',
  });
  const { repository, program } = trap;
  repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
  repository.git('commit', '--quiet', '-m', 'a submodule');
  const lib = path.join(repository.root, 'lib');
  repository.git('init', '--quiet', lib);
  repository.write('lib/f', 'x\n');
  repository.git('-C', lib, 'add', 'f');
  repository.git('-C', lib, 'commit', '--quiet', '-m', 'planted');
  repository.git('-C', lib, 'update-index', '--fsmonitor');
  repository.git('-C', lib, 'config', 'core.fsmonitor', monitor(program));
  trap.rearm();
  return trap;
}

const hidings: readonly (readonly [string, (root: string) => void])[] = [
  ['in the folder of a submodule', () => undefined],
  [
    'behind a link in the place of that folder',
    (root) => {
      renameSync(path.join(root, 'lib'), path.join(root, 'elsewhere'));
      symlinkSync('elsewhere', path.join(root, 'lib'));
    },
  ],
  [
    'behind a file that points to it',
    (root) => {
      renameSync(path.join(root, 'lib/.git'), path.join(root, 'trap'));
      writeFileSync(path.join(root, 'lib/.git'), 'gitdir: ../trap\n');
    },
  ],
];

const nested = ([where, hide]: (typeof hidings)[number]): Attack => ({
  id: 'G6',
  title: `the agent leaves a repository whose configuration starts a program ${where}, for the steps that come after`,
  attack: async (signal) => {
    using trap = withNested((program) => program);
    const { root } = trap.repository;
    hide(root);
    trap.rearm();
    await removePlantedRepositories({ root, path: usualPath, signal });
    cleanUpOfCheckout(root);
    return unsprung(trap, 'what is not the repository’s own submodule is removed before other steps run');
  },
  twin: async (signal) => {
    using inner = layTrap({ 'lib.txt': 'lib\n' });
    using trap = layTrap();
    const { repository } = trap;
    repository.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner.repository.root, 'lib');
    repository.commit('a submodule');
    const removed = await removePlantedRepositories({ root: repository.root, path: usualPath, signal });
    cleanUpOfCheckout(repository.root);
    return removed.length === 0 ? passed('a submodule that git put there stays') : hindered(`removed ${removed}`);
  },
});

export const nestedRepositories: readonly Attack[] = hidings.map(nested);
