import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRepository, seedOf } from '../../../src/runtime/embedded-seed.ts';
import { realRepository } from '../../fakes/real-repository.ts';

const hostPath = process.env['PATH'] ?? '';
const check = (folder: string) => checkRepository(folder, hostPath, AbortSignal.timeout(10_000));

describe('what the embedded GitHub is seeded with', () => {
  it('is the sample when nobody names a repository', () => {
    expect(seedOf(undefined, '/package')).toMatchObject({
      isSample: true,
      repository: { owner: 'octo', name: 'slug' },
      source: { kind: 'folder', path: '/package/examples/slug' },
    });
  });

  it('is the named repository with its history, under a name that GitHub would take', () => {
    const seed = seedOf('/home/bob/my code (old)', '/package');
    expect(seed).toMatchObject({ isSample: false, source: { kind: 'git', path: '/home/bob/my code (old)' } });
    expect(seed.repository).toEqual({ owner: 'octo', name: 'my-code-old-' });
  });

  it.each([
    ['/home/bob/...', 'repository'],
    ['/home/bob/-x', 'x'],
    ['/home/bob/日本', 'repository'],
    [`/${'a'.repeat(300)}`, 'a'.repeat(100)],
  ])('has a name also for %s', (folder, name) => {
    expect(seedOf(folder, '/package').repository.name).toBe(name);
  });

  it('has an issue to work on: the sample’s, its first line as the title', async () => {
    const issue = await seedOf(undefined, path.resolve('.')).issue();
    expect(issue.title).toMatch(/^[^#\s]/);
    expect(issue.body).not.toContain(issue.title);
    expect(issue.body).toBe(issue.body.trim());
  });
});

describe('a repository of this machine', () => {
  it('is taken when all of it is committed', async () => {
    using repository = realRepository({ 'a.txt': 'a' });
    await expect(check(repository.root)).resolves.toBeUndefined();
  });

  it('is refused while it has no commit', async () => {
    using repository = realRepository();
    await expect(check(repository.root)).rejects.toMatchObject({ code: 'E502' });
  });

  it('is refused with the names of what is not committed, for that would silently be missing', async () => {
    using repository = realRepository({ 'a.txt': 'a' });
    for (const name of ['a.txt', 'b', 'c', 'd', 'e', 'f']) repository.write(name, 'changed');
    await expect(check(repository.root)).rejects.toMatchObject({
      code: 'E504',
      message: expect.stringMatching(/a\.txt.* …$/),
    });
  });

  it('is refused when it is a shallow clone, which has no history to serve', async () => {
    using repository = realRepository({ 'a.txt': 'a' });
    repository.commit('second');
    const clone = path.join(repository.temp, 'clone');
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${repository.root}`, clone], { stdio: 'ignore' });
    await expect(check(clone)).rejects.toMatchObject({ code: 'E503', fix: expect.stringContaining('--unshallow') });
  });
});
