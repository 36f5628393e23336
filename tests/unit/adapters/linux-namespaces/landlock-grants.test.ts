import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemGrants, workspaceGrants } from '../../../../src/adapters/linux-namespaces/landlock-grants.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

function workspace() {
  const folder = tempFolder({ 'a.txt': 'a', 'gha-creds-0123abcd.json': '{}' });
  const root = realpathSync(folder.root);
  for (const name of ['.git/hooks', 'src/deep']) mkdirSync(path.join(root, name), { recursive: true });
  symlinkSync('/etc', path.join(root, 'etc'));
  symlinkSync('.git/hooks', path.join(root, 'hooks'));
  symlinkSync('not/there/yet', path.join(root, 'dangling'));
  symlinkSync('around', path.join(root, 'around'));
  const write = (name: string) =>
    workspaceGrants(root, { kind: 'write', path: name })
      .filter(({ what }) => what === 'write')
      .map((grant) => path.relative(root, grant.path) || '.');
  return { root, write, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

describe('what a file tool may reach behind Landlock', () => {
  it('is every entry at the top but .git, credentials and symlinks', () => {
    using place = workspace();
    const grants = workspaceGrants(place.root, { kind: 'read' });
    expect(grants.map(({ what, path: at }) => `${what} ${path.relative(place.root, at) || '.'}`).sort()).toEqual([
      'list .',
      'read a.txt',
      'read src',
    ]);
  });

  it('is, for a write, the folder in which it ends', () => {
    using place = workspace();
    expect(place.write('src/deep/new.ts')).toEqual(['src/deep']);
    expect(place.write('src/new/folders/x.ts')).toEqual(['src']);
    expect(place.write('new.ts')).toEqual(['.']);
    expect(place.write('./dangling')).toEqual(['.']);
  });

  it('is nothing, for a write that ends in .git or outside', () => {
    using place = workspace();
    const names = ['.git/config', 'hooks/pre-commit', 'etc/passwd', '../beside', '/etc/passwd', 'around', '.GIT/x'];
    for (const name of names) expect(place.write(name), name).toEqual([]);
  });

  it('is, of the machine, programs and libraries and hardly anything else', () => {
    const grants = systemGrants();
    expect(grants.filter(({ what }) => what === 'write')).toEqual([]);
    expect(grants.some(({ path: at }) => ['/', '/etc', '/home', '/proc', '/tmp', '/root', '/run'].includes(at))).toBe(
      false,
    );
    expect(grants).toContainEqual({ what: 'run', path: '/usr' });
  });

  it('is looked at anew for every call', () => {
    using place = workspace();
    writeFileSync(path.join(place.root, 'later.txt'), 'x');
    expect(workspaceGrants(place.root, { kind: 'read' }).map((grant) => path.basename(grant.path))).toContain(
      'later.txt',
    );
  });
});
