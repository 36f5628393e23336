import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openWorkspace } from '../../../../src/adapters/git/open-workspace.ts';
import type { EntropyError } from '../../../../src/domain/error.ts';
import { type RealRepository, realRepository } from '../../../fakes/real-repository.ts';

const signal = AbortSignal.timeout(30_000);

function open(repository: RealRepository, more: { baseSha?: string; root?: string } = {}) {
  return openWorkspace({ root: repository.root, tempDir: repository.temp, signal, ...more });
}

async function patchOf(repository: RealRepository, change: () => void) {
  await using workspace = await open(repository);
  await workspace.markStart(signal);
  change();
  return await workspace.collectPatch('01JD', signal);
}

async function refusal(promise: Promise<unknown>): Promise<EntropyError> {
  return promise.then(
    () => expect.unreachable('it was accepted'),
    (error: EntropyError) => error,
  );
}

it('obeys no monitor, filter, external diff, hook or signing program of the repository', async () => {
  using repository = realRepository({ 'a.txt': 'a\n', '.gitattributes': '* filter=evil diff=evil\n' });
  const fired = path.join(repository.temp, 'fired');
  const program = path.join(repository.temp, 'program.sh');
  writeFileSync(program, `#!/bin/sh\ntouch ${fired}\ncat\n`, { mode: 0o755 });
  for (const key of [
    'core.fsmonitor',
    'filter.evil.clean',
    'filter.evil.process',
    'diff.external',
    'diff.evil.textconv',
    'gpg.program',
  ])
    repository.git('config', key, program);
  repository.git('config', 'commit.gpgsign', 'true');
  repository.git('config', 'core.hooksPath', path.join(repository.root, '.git', 'evil-hooks'));
  mkdirSync(path.join(repository.root, '.git', 'evil-hooks'));
  writeFileSync(path.join(repository.root, '.git', 'evil-hooks', 'post-index-change'), `#!/bin/sh\ntouch ${fired}\n`, {
    mode: 0o755,
  });
  rmSync(path.join(repository.root, '.gitattributes'));
  const patch = await patchOf(repository, () => repository.write('a.txt', 'b\n'));
  expect(patch?.files).toHaveLength(1);
  expect(existsSync(fired)).toBe(false);
  // The trap is real: an ordinary git command springs it.
  repository.git('status', '--short');
  expect(existsSync(fired)).toBe(true);
});

it('refuses a change to a file behind a filter, whose bytes git would not store', async () => {
  using repository = realRepository({ 'a.txt': 'a\n', '.gitattributes': '*.psd filter=lfs -text\n' });
  const error = await refusal(patchOf(repository, () => repository.write('big.psd', 'bytes')));
  expect(error).toMatchObject({ code: 'E600', message: expect.stringContaining('big.psd') });
});

it('refuses names that are not UTF-8 and shows them escaped', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  const name = Buffer.concat([Buffer.from(`${repository.root}/caf`), Buffer.from([0xe9])]);
  const error = await refusal(patchOf(repository, () => writeFileSync(name, 'x')));
  expect(error).toMatchObject({ code: 'E600', message: 'a file name is not UTF-8: caf\\xe9' });
});

it('refuses to carry a 10 MB file and names it with its size', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  const error = await refusal(patchOf(repository, () => repository.write('big.bin', Buffer.alloc(10_000_000))));
  expect(error).toMatchObject({ code: 'E601', message: expect.stringContaining('big.bin has 10000000 bytes') });
});

it('refuses what git cannot take in, unless it was there from the start', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  repository.git('init', '--quiet', 'old-nested');
  const fine = await patchOf(repository, () => repository.write('a.txt', 'b\n'));
  expect(fine?.files.map((file) => file.path)).toEqual(['a.txt']);
  const error = await refusal(patchOf(repository, () => repository.git('init', '--quiet', 'nested')));
  expect(error).toMatchObject({ code: 'E600', message: expect.stringContaining('nested') });
  expect(error.message).not.toContain('old-nested');
});

it('refuses a folder that git would take for its own in other letters', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  const error = await refusal(patchOf(repository, () => repository.write('.GIT/config', '[core]\n')));
  expect(error).toMatchObject({ code: 'E600', message: expect.stringContaining('.GIT/config') });
});

it('hands names that only Windows or macOS read as .git to the patch rules', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  const names = ['.g\u200cit/config', 'git~1/config'];
  const patch = await patchOf(repository, () => {
    for (const name of names) repository.write(name, 'x\n');
  });
  expect(patch?.files.map((file) => file.path).sort()).toEqual([...names].sort());
});

it('works on a worktree, whose .git is a file', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  const root = path.join(repository.temp, 'tree');
  repository.git('worktree', 'add', '--quiet', root);
  await using workspace = await open(repository, { root });
  await workspace.markStart(signal);
  writeFileSync(path.join(root, 'a.txt'), 'b\n');
  expect((await workspace.collectPatch('01JD', signal))?.files).toMatchObject([{ path: 'a.txt', content: 'b\n' }]);
});

it('works on a shallow clone that has the base commit', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  repository.write('a.txt', 'b\n');
  repository.commit();
  const root = path.join(repository.temp, 'shallow');
  repository.git('clone', '--quiet', '--depth=1', `file://${repository.root}`, root);
  await using workspace = await open(repository, { root });
  await workspace.markStart(signal);
  writeFileSync(path.join(root, 'a.txt'), 'c\n');
  expect((await workspace.collectPatch('01JD', signal))?.files).toMatchObject([{ content: 'c\n' }]);
  const missing = await refusal(open(repository, { root, baseSha: repository.git('rev-parse', 'HEAD^') }));
  expect(missing).toMatchObject({ code: 'E503' });
});

it('says what is missing: a repository, a commit, the base', async () => {
  using empty = realRepository();
  using repository = realRepository({ 'a.txt': 'a\n' });
  expect(await refusal(open(empty))).toMatchObject({ code: 'E502' });
  expect(await refusal(open(repository, { root: repository.temp }))).toMatchObject({ code: 'E501' });
  expect(await refusal(open(repository, { baseSha: '1'.repeat(40) }))).toMatchObject({ code: 'E505' });
});

it('leaves nothing behind, neither in the repository nor beside it', async () => {
  using repository = realRepository({ 'a.txt': 'a\n' });
  const before = repository.git('count-objects', '-v');
  await patchOf(repository, () => repository.write('b.txt', 'b\n'));
  rmSync(path.join(repository.root, 'b.txt'));
  expect(repository.git('count-objects', '-v')).toBe(before);
  expect(repository.git('status', '--short')).toBe('');
  expect(existsSync(path.join(repository.temp, 'fired'))).toBe(false);
});

it('merges a patch onto a newer head, or names the paths in conflict', async () => {
  using repository = realRepository({ 'a.txt': '1\n2\n3\n4\n5\n', 'b.txt': 'b\n' });
  const base = repository.git('rev-parse', 'HEAD');
  repository.write('a.txt', '1\n2\n3\n4\nfive\n');
  const elsewhere = repository.commit('a person’s push');
  repository.write('a.txt', 'ONE\n2\n3\n4\nfive\n');
  const same = repository.commit('a conflicting push');
  repository.git('checkout', '--quiet', base);

  await using workspace = await open(repository);
  await workspace.markStart(signal);
  repository.write('a.txt', 'one\n2\n3\n4\n5\n');
  const patch = await workspace.collectPatch('01JD', signal);
  if (patch === undefined) throw new Error('no patch');

  const merged = await workspace.mergeOnto(patch, elsewhere, signal);
  expect(merged).toMatchObject({
    kind: 'merged',
    manifest: { base: { sha: elsewhere }, files: [{ path: 'a.txt', content: 'one\n2\n3\n4\nfive\n' }] },
  });
  expect(await workspace.mergeOnto(patch, same, signal)).toEqual({ kind: 'conflict', paths: ['a.txt'] });

  const folder = path.join(repository.temp, 'merged');
  mkdirSync(folder);
  if (merged.kind === 'merged') await workspace.exportTree(merged.manifest.treeSha, folder, signal);
  expect(existsSync(path.join(folder, 'b.txt'))).toBe(true);
});

it('merges in a shallow clone once the newer head was fetched', async () => {
  using repository = realRepository({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  repository.commit('second');
  const root = path.join(repository.temp, 'shallow');
  repository.git('clone', '--quiet', '--depth=1', `file://${repository.root}`, root);
  repository.write('b.txt', 'pushed\n');
  const newHead = repository.commit('a person’s push');
  await using workspace = await open(repository, { root });
  await workspace.markStart(signal);
  writeFileSync(path.join(root, 'a.txt'), 'changed\n');
  const patch = await workspace.collectPatch('01JD', signal);
  if (patch === undefined) throw new Error('no patch');
  repository.git('-C', root, 'fetch', '--quiet', 'origin', newHead);
  expect(await workspace.mergeOnto(patch, newHead, signal)).toMatchObject({
    kind: 'merged',
    manifest: { base: { sha: newHead }, files: [{ path: 'a.txt', content: 'changed\n' }] },
  });
});
