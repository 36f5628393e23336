import { mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkOut } from '../../../../src/adapters/git/check-out.ts';
import { readChange } from '../../../../src/adapters/git/read-change.ts';
import { type RealRepository, realRepository } from '../../../fakes/real-repository.ts';

const signal = new AbortController().signal;
const searchPath = process.env['PATH'] ?? '';

/** Base and head in two working copies without history, as a workflow checks them out. */
async function change(repository: RealRepository, baseSha: string, headSha: string) {
  const gitDir = path.join(repository.root, '.git');
  const sides = { head: 'head "side"', base: 'base side' };
  for (const [sha, name] of [
    [headSha, sides.head],
    [baseSha, sides.base],
  ] as const) {
    const folder = path.join(repository.temp, name);
    await checkOut({ from: { kind: 'path', gitDir }, sha, folder, searchPath, signal });
  }
  const tempDir = path.join(repository.temp, 'tmp');
  mkdirSync(tempDir);
  return await readChange({
    head: { root: path.join(repository.temp, sides.head), sha: headSha },
    base: { root: path.join(repository.temp, sides.base), sha: baseSha },
    tempDir,
    path: searchPath,
    signal,
  });
}

describe('what a pull request changes', () => {
  it('is told file by file, from two working copies that share no history', async () => {
    using repository = realRepository({
      'a.txt': 'one\ntwo\n',
      'gone.txt': 'x\n',
      'old name.txt': Array.from({ length: 20 }, (_, at) => `${at}\n`).join(''),
      'link.txt': 'a file\n',
    });
    const baseSha = repository.git('rev-parse', 'HEAD');
    repository.write('a.txt', 'one\n2\nthree\n');
    repository.write('diff --git b.txt', '+++ looks like a diff\n@@ -1 +1 @@\n');
    repository.write('logo.bin', new Uint8Array([0, 1, 2, 0]));
    repository.git('rm', '--quiet', 'gone.txt');
    repository.git('mv', 'old name.txt', 'new näme.txt');
    unlinkSync(path.join(repository.root, 'link.txt'));
    symlinkSync('a.txt', path.join(repository.root, 'link.txt'));
    repository.chmod('a.txt', 0o755);
    const headSha = repository.commit();
    const { files } = await change(repository, baseSha, headSha);
    expect(files).toEqual([
      {
        path: 'a.txt',
        change: 'modified',
        added: 2,
        removed: 1,
        hunks: '@@ -1,2 +1,3 @@\n one\n-two\n+2\n+three\n',
      },
      {
        path: 'diff --git b.txt',
        change: 'added',
        added: 2,
        removed: 0,
        hunks: '@@ -0,0 +1,2 @@\n++++ looks like a diff\n+@@ -1 +1 @@\n',
      },
      { path: 'gone.txt', change: 'deleted', added: 0, removed: 1, hunks: '@@ -1 +0,0 @@\n-x\n' },
      expect.objectContaining({ path: 'link.txt', change: 'modified', added: 1 }),
      { path: 'logo.bin', change: 'added', added: 0, removed: 0 },
      { path: 'new näme.txt', previousPath: 'old name.txt', change: 'renamed', added: 0, removed: 0 },
    ]);
  });

  it('obeys nothing that a working copy says about how differences look', async () => {
    using repository = realRepository({ 'a.txt': 'one\n', '.gitattributes': '*.txt diff=evil\n' });
    const baseSha = repository.git('rev-parse', 'HEAD');
    repository.write('a.txt', 'two\n');
    const headSha = repository.commit();
    repository.git('config', 'diff.evil.command', 'touch /tmp/entropy-evil-diff; false');
    repository.git('config', 'diff.evil.textconv', 'false');
    repository.git('config', 'diff.noprefix', 'true');
    const { files } = await readChange({
      head: { root: repository.root, sha: headSha },
      base: { root: repository.root, sha: baseSha },
      tempDir: repository.temp,
      path: searchPath,
      signal,
    });
    expect(files.map(({ hunks }) => hunks)).toEqual(['@@ -1 +1 @@\n-one\n+two\n']);
  });

  it('without one of the commits is an error that names it and the folder', async () => {
    using repository = realRepository({ 'a.txt': 'one\n' });
    const sha = repository.git('rev-parse', 'HEAD');
    const side = { root: repository.root, sha };
    const missing = { root: repository.root, sha: 'd'.repeat(40) };
    const reading = readChange({ head: side, base: missing, tempDir: repository.temp, path: searchPath, signal });
    await expect(reading).rejects.toMatchObject({ code: 'E505', message: expect.stringContaining('dddd') });
    const option = { root: repository.root, sha: '--output=/tmp/x' };
    const injected = readChange({ head: side, base: option, tempDir: repository.temp, path: searchPath, signal });
    await expect(injected).rejects.toMatchObject({ code: 'E505' });
  });
});
