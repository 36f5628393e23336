import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inspectRepository } from '../../../../src/adapters/git/inspect-repository.ts';
import { type RealRepository, realRepository } from '../../../fakes/real-repository.ts';

const signal = AbortSignal.timeout(30_000);

function inspect(repository: RealRepository, folder = repository.root) {
  return inspectRepository({ path: folder, tempDir: repository.temp, signal });
}

it('finds the top folder, the commit, the branch and the remotes from anywhere inside', async () => {
  using repository = realRepository({ 'src/a.txt': 'a\n' });
  repository.git('remote', 'add', 'origin', 'git@github.com:octo/slug.git');
  expect(await inspect(repository, path.join(repository.root, 'src'))).toEqual({
    root: repository.root,
    commonDir: path.join(repository.root, '.git'),
    head: repository.git('rev-parse', 'HEAD'),
    branch: 'main',
    dirty: [],
    shallow: false,
    empty: false,
    remotes: [{ name: 'origin', url: 'git@github.com:octo/slug.git' }],
  });
});

it('names what is changed, staged, deleted and new', async () => {
  using repository = realRepository({ 'a.txt': 'a\n', 'b.txt': 'b\n', '.gitignore': 'ignored\n' });
  repository.write('a.txt', 'changed\n');
  repository.write('ignored', 'x\n');
  repository.write('new.txt', 'x\n');
  repository.write('staged.txt', 'x\n');
  repository.git('add', 'staged.txt');
  repository.git('rm', '--quiet', 'b.txt');
  expect((await inspect(repository)).dirty).toEqual(['a.txt', 'b.txt', 'new.txt', 'staged.txt']);
});

it('does not mind empty folders, which git cannot commit', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  mkdirSync(path.join(repository.root, 'empty/deeper'), { recursive: true });
  expect((await inspect(repository)).dirty).toEqual([]);
});

it('knows an empty repository and a detached head', async () => {
  using empty = realRepository();
  expect(await inspect(empty)).toMatchObject({ empty: true, head: undefined, branch: 'main', dirty: [] });
  using repository = realRepository({ 'a.txt': 'a\n' });
  repository.git('checkout', '--quiet', '--detach');
  expect(await inspect(repository)).toMatchObject({ empty: false, branch: undefined });
});

it('knows a shallow clone', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  repository.commit('second');
  const clone = path.join(repository.temp, 'clone');
  repository.git('clone', '--quiet', '--depth=1', `file://${repository.root}`, clone);
  expect(await inspect(repository, clone)).toMatchObject({ shallow: true });
});

it('says that a folder is no repository', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  const folder = path.join(repository.temp, 'plain');
  mkdirSync(folder);
  await expect(inspect(repository, folder)).rejects.toMatchObject({ code: 'E501' });
  await expect(inspect(repository, path.join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'E501' });
});
