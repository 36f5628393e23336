import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PatchManifest } from '../../../../src/domain/patch.ts';
import { blobSha } from '../../../fakes/git-objects.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { type HandedOver, handOver, published, refused } from './handed-over.ts';
import { collect, layTrap } from './trap.ts';

const honest = { 'src/a.ts': 'good\n' };
const hidden = '.github/workflows/ci.yml';

/** With a workflow that the manifest does not name, in a tree that the forge knows: the result's, or the base's as well. */
function withHidden({ scene, task, patch }: HandedOver, of: 'base' | 'result'): PatchManifest {
  const { git } = scene.forge;
  const lay = (onto: string, name: string, content: string): string =>
    git.layOver(onto, [{ kind: 'text', path: name, mode: '100644', content }]);
  const base = lay(git.commit(task.base.sha).treeSha, hidden, 'on: push\n');
  const treeSha = lay(base, 'src/a.ts', honest['src/a.ts']);
  return of === 'base' ? { ...patch, base: { ...patch.base, treeSha: base }, treeSha } : { ...patch, treeSha };
}

/** File contents that look like the headers of another file's patch, and names that look like options and headers. */
const misread = [
  'one',
  'diff --git a/x b/.github/workflows/ci.yml',
  'new file mode 100644',
  '--- /dev/null',
  '+++ b/.github/workflows/ci.yml',
  '@@ -0,0 +1 @@',
  '+on: push',
  '-- ',
  '2.39.5',
  '',
].join('\n');
const oddNames = ['a b/.github/c.txt', 'src/+++ b/x', 'tab\tname.txt', '"quoted".txt'];

/** Which paths change when a person applies the patch file of a run to a copy of their own. */
async function appliedPaths(names: readonly string[], content: string, signal: AbortSignal) {
  using trap = layTrap({ 'a.txt': 'a\n' });
  const { repository } = trap;
  const work = (): void => {
    for (const name of names) repository.write(name, content);
  };
  const { patch, text } = await collect(repository, work, signal);
  for (const name of names) repository.git('clean', '--quiet', '-dfx', '--', name.split('/', 1)[0] ?? '');
  const file = path.join(repository.temp, 'run.patch');
  writeFileSync(file, text);
  execFileSync('git', ['apply', '--index', file], { cwd: repository.root, stdio: 'pipe' });
  const changed = repository.git('diff', '--cached', '--name-only', '-z').split('\0').filter(Boolean).sort();
  return { named: (patch?.files ?? []).map((each) => each.path).sort(), changed };
}

export const twoReadings: readonly Attack[] = [
  {
    id: 'G9',
    title: 'the hand-over names one file and a tree that holds a workflow besides',
    attack: async () => {
      const handed = await handOver({}, honest);
      return refused({ ...handed, patch: withHidden(handed, 'result') }, 'the tree is built anew and compared');
    },
    twin: async () => published(await handOver({}, honest)),
  },
  {
    id: 'G9',
    title: 'the hand-over names the true base and a tree in its place that holds a workflow besides',
    attack: async () => {
      const handed = await handOver({}, honest);
      return refused({ ...handed, patch: withHidden(handed, 'base') }, 'the forge is asked for the tree of the base');
    },
    twin: async () => published(await handOver({}, honest)),
  },
  {
    id: 'G9',
    title: 'the hand-over carries one content and the id of another',
    attack: async () => {
      const other = blobSha('evil\n');
      const swap = (patch: PatchManifest): PatchManifest => ({
        ...patch,
        files: patch.files.map((file) => (file.change === 'deleted' ? file : { ...file, blobSha: other })),
      });
      return refused(await handOver({}, honest, swap), 'ids are computed from what is carried');
    },
    twin: async () => published(await handOver({}, honest)),
  },
  {
    id: 'G9',
    title: 'a file’s text, or its name, reads as the head of another file’s patch',
    attack: async (signal) => {
      const { named, changed } = await appliedPaths(oddNames, misread, signal);
      return JSON.stringify(named) === JSON.stringify(changed)
        ? contained('what is applied is what was named')
        : escaped(`named ${named.join(', ')}, applied ${changed.join(', ')}`);
    },
    twin: async (signal) => {
      const { changed } = await appliedPaths(['src/b.txt'], 'plain\n', signal);
      return changed.join() === 'src/b.txt' ? passed('the patch file applies') : hindered(changed.join());
    },
  },
];
