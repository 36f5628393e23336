import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commitPatch } from '../../../../src/adapters/git/commit-patch.ts';
import { type Attack, hindered, passed } from '../attack.ts';
import { changed, collect, layTrap, type Trap, unsprung, usualPath } from './trap.ts';

async function commitSigned({ repository }: Trap, signal: AbortSignal): Promise<string> {
  const { patch } = await collect(repository, () => repository.write('a.txt', 'changed\n'), signal);
  if (patch === undefined) throw new Error('nothing was collected');
  const place = { gitDir: path.join(repository.root, '.git'), path: usualPath };
  return commitPatch({ place, patch, branch: 'agent/x', message: 'A change', signal });
}

export const signingProgram: Attack = {
  id: 'G5',
  title: 'the repository’s configuration names a program that is to sign every commit',
  attack: async (signal) => {
    using trap = layTrap();
    const { repository, program } = trap;
    repository.git('config', 'gpg.program', program);
    repository.git('config', 'commit.gpgSign', 'true');
    await commitSigned(trap, signal);
    return unsprung(trap, 'commits are made by plumbing, which does not sign by configuration');
  },
  twin: async (signal) => {
    using trap = layTrap();
    const sha = await commitSigned(trap, signal);
    const kind = trap.repository.git('cat-file', '-t', sha);
    return kind === 'commit' ? passed('the commit is there') : hindered(`${sha} is a ${kind}`);
  },
};

/** A `git` that tells of itself and then does what git does, so that nobody would notice. */
function plantGit({ repository, program }: Trap, folder: string): void {
  mkdirSync(path.join(repository.root, folder), { recursive: true });
  const text = `#!/bin/sh\n'${program}' </dev/null\nexec /usr/bin/git "$@"\n`;
  writeFileSync(path.join(repository.root, folder, 'git'), text, { mode: 0o755 });
}

const plantedGit = (title: string, folderOf: (root: string) => string): Attack => ({
  id: 'G5',
  title,
  attack: async (signal) => {
    using trap = layTrap({ 'a.txt': 'a\n', '.gitignore': 'node_modules\n' });
    const { repository } = trap;
    plantGit(trap, 'node_modules/.bin');
    symlinkSync(path.join(repository.root, 'node_modules/.bin'), path.join(path.dirname(repository.root), 'link'));
    const searchPath = `${folderOf(repository.root)}:${usualPath}`;
    await collect(repository, () => repository.write('a.txt', 'changed\n'), signal, searchPath);
    return unsprung(trap, 'no folder of PATH that lies in the workspace is searched');
  },
  twin: async (signal) => {
    using trap = layTrap();
    const { repository } = trap;
    const tools = path.join(repository.temp, 'tools');
    mkdirSync(tools);
    symlinkSync('/usr/bin/git', path.join(tools, 'git'));
    const { patch } = await collect(repository, () => repository.write('a.txt', 'changed\n'), signal, tools);
    return changed(patch, 'a.txt');
  },
});

export const plantedGits: readonly Attack[] = [
  plantedGit('the agent leaves a git of its own in a folder of PATH', (root) => `${root}/node_modules/.bin`),
  plantedGit('it does so behind a link that leads there', (root) => `${path.dirname(root)}/link`),
];
