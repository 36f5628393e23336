import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sumProblems, writeSums } from '../../../../scripts/release/files.ts';
import { EntropyError } from '../../../../src/domain/error.ts';
import { refuseWithinReach } from '../../../../src/runtime/out-of-reach.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';
import { type Attack, type Containment, contained, escaped, hindered, passed } from '../attack.ts';

function isRefused(workspace: string, place: string): boolean {
  try {
    refuseWithinReach(workspace, { 'this action': place });
    return false;
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E101') return true;
    throw error;
  }
}

function withinReach(title: string, place: string): Attack {
  return {
    id: 'C5',
    title,
    attack: async (): Promise<Containment> => {
      using folder = tempFolder({ 'ws/actions/coder/dist/index.js': 'ours\n', 'outside/index.js': 'ours\n' });
      symlinkSync(path.join(folder.root, 'ws'), path.join(folder.root, 'link'));
      return isRefused(path.join(folder.root, 'ws'), path.join(folder.root, place))
        ? contained('code of ours that the agent may write is not run')
        : escaped('code of ours is run from where the agent may have changed it');
    },
    twin: async () => {
      using folder = tempFolder({ 'ws/a': '', 'ws-beside/actions/coder/dist/index.js': 'ours\n' });
      const refused = isRefused(
        path.join(folder.root, 'ws'),
        path.join(folder.root, 'ws-beside/actions/coder/dist/index.js'),
      );
      return refused
        ? hindered('an action beside the workspace was refused')
        : passed('an action beside the workspace runs');
    },
  };
}

export const otherBundles: readonly Attack[] = [
  withinReach(
    'the action lies in the workspace, where the agent rewrites it before its post step',
    'ws/actions/coder/dist/index.js',
  ),
  withinReach('the action is reached through a link that leads into the workspace', 'link/actions/coder/dist/index.js'),
  {
    id: 'C5',
    title: 'a bundle is swapped, added or taken away between building and publishing',
    attack: async () => {
      for (const change of [
        (root: string) => writeFileSync(path.join(root, 'actions/coder/dist/index.js'), 'theirs\n'),
        (root: string) => writeFileSync(path.join(root, 'actions/coder/dist/156.index.js'), 'theirs\n'),
        (root: string) => {
          mkdirSync(path.join(root, 'actions/other/dist'), { recursive: true });
          writeFileSync(path.join(root, 'actions/other/dist/.hidden.js'), 'theirs\n');
        },
        (root: string) => symlinkSync('/etc/hostname', path.join(root, 'actions/coder/dist/post.js')),
      ]) {
        using folder = released();
        change(folder.root);
        if (sumProblems(folder.root).length === 0) return escaped('other bytes than were built would be published');
      }
      return contained('what is published is compared with the sums of what two machines built');
    },
    twin: async () => {
      using folder = released();
      const problems = sumProblems(folder.root);
      return problems.length === 0 ? passed('what was built is what is published') : hindered(problems.join());
    },
  },
];

function released() {
  const folder = tempFolder({ 'actions/coder/dist/index.js': 'ours\n', 'actions/coder/action.yml': 'name: coder\n' });
  writeSums(folder.root);
  return folder;
}
