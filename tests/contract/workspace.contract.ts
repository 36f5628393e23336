import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PatchFile, PatchManifest } from '../../src/domain/patch.ts';
import type { Workspace } from '../../src/ports/workspace.ts';
import { type RealRepository, realRepository } from '../fakes/real-repository.ts';

export interface WorkspaceDriver {
  readonly name: string;
  open(repository: RealRepository): Promise<Workspace>;
}

const signal = AbortSignal.timeout(30_000);
const runId = '01JD0000000000000000000000';

/** What every workspace does, whatever reads the files. */
export function workspaceContract(driver: WorkspaceDriver): void {
  /** Opens, marks, lets the change happen, collects. */
  async function collect(
    repository: RealRepository,
    change: () => void,
    setUp: () => void = () => undefined,
  ): Promise<PatchManifest | undefined> {
    await using workspace = await driver.open(repository);
    setUp();
    await workspace.markStart(signal);
    change();
    return await workspace.collectPatch(runId, signal);
  }

  describe(`${driver.name} as a workspace`, () => {
    it('has no patch when nothing changed', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      expect(await collect(repository, () => undefined)).toBeUndefined();
    });

    it('collects added, modified and deleted files with git’s own ids, sizes and line counts', async () => {
      using repository = realRepository({ 'a.txt': 'a\nb\n', 'gone.txt': 'x\n', 'deep/er/c.txt': 'c\n' });
      const patch = await collect(repository, () => {
        repository.write('a.txt', 'a\nc\nd\n');
        repository.write('new/file.txt', 'new\n');
        rmSync(path.join(repository.root, 'gone.txt'));
      });
      expect(patch?.files).toEqual([
        { ...text('modified', 'a.txt', 'a\nc\nd\n'), lines: { added: 2, removed: 1 } },
        { change: 'deleted', path: 'gone.txt', lines: { added: 0, removed: 1 } },
        { ...text('added', 'new/file.txt', 'new\n'), lines: { added: 1, removed: 0 } },
      ]);
      expect(patch).toMatchObject({ schema: 1, runId, base: { sha: repository.git('rev-parse', 'HEAD') } });
    });

    it('names the very tree that a commit of the change would have', async () => {
      using repository = realRepository({ 'a.txt': 'a\n', 'b/c.txt': 'c\n' });
      const patch = await collect(repository, () => repository.write('b/d.txt', 'd\n'));
      repository.commit();
      expect(patch?.treeSha).toBe(repository.git('rev-parse', 'HEAD^{tree}'));
    });

    it('lays out the files as they were last collected, from its own copies, with history and without ignored files', async () => {
      using repository = realRepository({ 'a.txt': 'a\n', 'b/c.txt': 'c\n', 'gone.txt': 'x\n', '.gitignore': 'out\n' });
      repository.write('left/by-set-up.txt', 'left\n');
      const old = new Date('2026-01-02T03:04:05Z');
      utimesSync(path.join(repository.root, 'b/c.txt'), old, old);
      await using workspace = await driver.open(repository);
      await workspace.markStart(signal);
      repository.write('a.txt', 'changed\n');
      repository.write('out/hidden.txt', 'hidden\n');
      rmSync(path.join(repository.root, 'gone.txt'));
      await workspace.collectPatch(runId, signal);
      repository.write('a.txt', 'later\n');
      const folder = path.join(repository.temp, 'laid-out');
      mkdirSync(folder);
      await workspace.layOut(folder, signal);
      const files = [...(await workspace.knownFiles(signal))].sort();
      expect(files).toEqual(['.gitignore', 'a.txt', 'b/c.txt', 'left/by-set-up.txt']);
      const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (name) => !name.startsWith('.git/'),
      );
      expect(found.sort()).toEqual(['.git', '.gitignore', 'a.txt', 'b', 'b/c.txt', 'left', 'left/by-set-up.txt']);
      expect(readFileSync(path.join(folder, 'a.txt'), 'utf8')).toBe('changed\n');
      expect(statSync(path.join(folder, 'b/c.txt')).mtime).toEqual(old);
      expect(execFileSync('git', ['log', '-1', '--format=%H'], { cwd: folder, encoding: 'utf8' }).trim()).toBe(
        repository.git('rev-parse', 'HEAD'),
      );
    });

    it('shows a rename as a deletion and an addition', async () => {
      using repository = realRepository({ 'old.txt': 'same\n' });
      const patch = await collect(repository, () =>
        renameSync(path.join(repository.root, 'old.txt'), path.join(repository.root, 'new.txt')),
      );
      expect(patch?.files.map((file) => [file.change, file.path])).toEqual([
        ['added', 'new.txt'],
        ['deleted', 'old.txt'],
      ]);
    });

    it('carries executable bits, symlinks and binary bytes as they are', async () => {
      using repository = realRepository({ 'run.sh': 'true\n' });
      const binary = Buffer.from([0, 1, 255, 254, 10]);
      const patch = await collect(repository, () => {
        repository.chmod('run.sh', 0o755);
        symlinkSync('/etc/passwd', path.join(repository.root, 'link'));
        repository.write('image.bin', binary);
      });
      expect(patch?.files).toMatchObject([
        { path: 'image.bin', encoding: 'base64', content: binary.toString('base64'), sizeBytes: 5 },
        { path: 'link', mode: '120000', content: '/etc/passwd' },
        { path: 'run.sh', change: 'modified', mode: '100755' },
      ]);
      expect(patch?.files[0]).not.toHaveProperty('lines');
    });

    it('keeps CRLF where git keeps it and normalises it where the attributes say so', async () => {
      using repository = realRepository({
        '.gitattributes': '*.txt text eol=crlf\n',
        'a.txt': 'a\r\n',
        'a.raw': 'a\r\n',
      });
      const patch = await collect(repository, () => {
        repository.write('a.txt', 'a\r\nb\r\n');
        repository.write('a.raw', 'a\r\nb\r\n');
      });
      expect(patch?.files).toMatchObject([
        { path: 'a.raw', content: 'a\r\nb\r\n' },
        { path: 'a.txt', content: 'a\nb\n' },
      ]);
    });

    it('keeps a byte order mark and a missing last newline', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      const patch = await collect(repository, () => repository.write('bom.txt', '\uFEFFhi'));
      expect(patch?.files).toMatchObject([{ content: '\uFEFFhi', sizeBytes: 5, encoding: 'utf-8' }]);
    });

    it('leaves out what set-up did and what is ignored, nested ignore files included', async () => {
      using repository = realRepository({ 'a.txt': 'a\n', '.gitignore': 'dist/\n', 'sub/.gitignore': '*.log\n' });
      const patch = await collect(
        repository,
        () => {
          repository.write('a.txt', 'changed\n');
          repository.write('dist/out.js', 'x');
          repository.write('sub/x.log', 'x');
        },
        () => repository.write('set-up.txt', 'made by set-up\n'),
      );
      expect(patch?.files.map((file) => file.path)).toEqual(['a.txt']);
    });

    it('lays a change to a file from set-up over the base as a whole', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      const patch = await collect(
        repository,
        () => repository.write('made.txt', 'one\ntwo\n'),
        () => repository.write('made.txt', 'one\n'),
      );
      expect(patch?.files).toMatchObject([{ change: 'added', path: 'made.txt', content: 'one\ntwo\n' }]);
    });

    it('has no patch when the agent only removed what set-up had made', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      const made = path.join(repository.root, 'made.txt');
      const patch = await collect(
        repository,
        () => rmSync(made),
        () => writeFileSync(made, 'x'),
      );
      expect(patch).toBeUndefined();
    });

    it('lets a file become a folder and a folder become a file', async () => {
      using repository = realRepository({ 'a/b.txt': 'b\n', c: 'c\n' });
      const patch = await collect(repository, () => {
        rmSync(path.join(repository.root, 'a'), { recursive: true });
        rmSync(path.join(repository.root, 'c'));
        repository.write('a', 'now a file\n');
        repository.write('c/d.txt', 'now a folder\n');
      });
      expect(patch?.files.map((file) => `${file.change} ${file.path}`)).toEqual([
        'added a',
        'deleted a/b.txt',
        'deleted c',
        'added c/d.txt',
      ]);
    });

    it('sees a change that keeps size and comes within the same tick of the clock', async () => {
      using repository = realRepository({ 'a.txt': 'aaaa\n' });
      for (let round = 0; round < 5; round += 1) {
        const content = `aa${round}b\n`;
        const patch = await collect(repository, () => repository.write('a.txt', content));
        expect(patch?.files).toMatchObject([{ path: 'a.txt', content }]);
        repository.write('a.txt', 'aaaa\n');
      }
    });

    it('names an odd but valid file name unchanged', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      const names = ['-rf', 'a b.txt', 'naïve.txt', 'new\nline.txt', 'quo"te', '$(id)'].sort();
      const patch = await collect(repository, () => {
        for (const name of names) repository.write(name, 'x\n');
      });
      expect(patch?.files.map((file) => file.path).sort()).toEqual(names);
    });

    it('gives the unified diff of a patch', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      await using workspace = await driver.open(repository);
      await workspace.markStart(signal);
      repository.write('a.txt', 'b\n');
      const patch = await workspace.collectPatch(runId, signal);
      expect(patch && (await workspace.diff(patch, signal))).toContain('@@ -1 +1 @@\n-a\n+b\n');
    });

    it('reports a nested repository as a gitlink', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      const patch = await collect(repository, () => {
        mkdirSync(path.join(repository.root, 'nested'));
        repository.git('init', '--quiet', 'nested');
        repository.git('-C', 'nested', 'commit', '--quiet', '--allow-empty', '-m', 'x');
      });
      expect(patch?.files).toMatchObject([{ path: 'nested', mode: '160000' }]);
    });

    it('stops when its signal is aborted', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      await using workspace = await driver.open(repository);
      const cancelled = AbortSignal.abort(new Error('cancelled by bob'));
      await expect(workspace.markStart(cancelled)).rejects.toThrow('cancelled by bob');
    });
  });
}

function text(change: 'added' | 'modified', name: string, content: string): PatchFile {
  const bytes = Buffer.from(content);
  const blobSha = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  return { change, path: name, mode: '100644', sizeBytes: bytes.length, blobSha, encoding: 'utf-8', content };
}
