import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkNewBranch, commitPatch } from '../../../../src/adapters/git/commit-patch.ts';
import { type Attack, hindered, passed } from '../attack.ts';
import { collect, layTrap, type Trap, unsprung, usualPath } from './trap.ts';

/** What `run --branch` does in a person's own repository: one new commit, one new ref. */
async function makeBranch({ repository }: Trap, signal: AbortSignal): Promise<string> {
  const { patch } = await collect(repository, () => repository.write('a.txt', 'changed\n'), signal);
  if (patch === undefined) throw new Error('nothing was collected');
  const place = { gitDir: path.join(repository.root, '.git'), path: usualPath };
  await checkNewBranch({ place, branch: 'agent/x', signal });
  return commitPatch({ place, patch, branch: 'agent/x', message: 'A change', signal });
}

const hookNames = ['reference-transaction', 'post-index-change', 'pre-commit', 'post-commit', 'post-checkout'];

function withHooks(folder: 'configured' | 'usual'): Trap {
  const trap = layTrap();
  const { repository, program } = trap;
  const hooks = path.join(repository.root, folder === 'usual' ? '.git/hooks' : 'tools/hooks');
  for (const name of hookNames) repository.write(path.join(path.relative(repository.root, hooks), name), '');
  for (const name of hookNames)
    writeFileSync(path.join(hooks, name), `#!/bin/sh\nexec '${program}' </dev/null\n`, { mode: 0o755 });
  for (const name of hookNames) repository.chmod(path.join(path.relative(repository.root, hooks), name), 0o755);
  if (folder === 'configured') repository.git('config', 'core.hooksPath', hooks);
  trap.rearm();
  return trap;
}

const hooksIn = (folder: 'configured' | 'usual', title: string): Attack => ({
  id: 'G4',
  title,
  attack: async (signal) => {
    using trap = withHooks(folder);
    await makeBranch(trap, signal);
    return unsprung(trap, 'git was told that there are no hooks');
  },
  twin: async (signal) => {
    using trap = layTrap();
    const made = await makeBranch(trap, signal);
    const there = trap.repository.git('rev-parse', 'refs/heads/agent/x');
    return there === made ? passed('the branch is there') : hindered(`the branch is at ${there}, not ${made}`);
  },
});

export const hooks: readonly Attack[] = [
  hooksIn('configured', 'the repository’s configuration names a folder with hooks, which agents may change'),
  hooksIn('usual', 'a hook waits for every new ref'),
];
