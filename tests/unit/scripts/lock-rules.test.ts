import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type LockedPackage, lockProblems } from '../../../scripts/lock-rules.ts';

const fine: LockedPackage = { version: '1.0.0', integrity: 'sha512-abc' };
const judged = (each: LockedPackage, manifest: Readonly<Record<string, string>> = {}) =>
  lockProblems({
    manifest: { dependencies: manifest, devDependencies: { node: '24.21.0' } },
    lock: { packages: { '': {}, 'node_modules/a': each } },
    runtime: { version: '24.21.0' },
  });

describe('the lock file', () => {
  test('of ours is fine', () => {
    const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
    const files = { manifest: read('package.json'), lock: read('package-lock.json') };
    expect(lockProblems({ ...files, runtime: read('scripts/node-runtime.json') })).toEqual([]);
  });

  test.each<[string, LockedPackage, string]>([
    ['without a checksum', { version: '1.0.0' }, 'has no checksum'],
    ['with a weak checksum', { ...fine, integrity: 'sha1-abc' }, 'weak checksum'],
    ['from another host', { ...fine, resolved: 'https://evil.example/a.tgz' }, 'comes from https://evil.example'],
    ['from a host with a like name', { ...fine, resolved: 'https://registry.npmjs.org.evil.example/a' }, 'comes from'],
    ['from git', { ...fine, resolved: 'git+ssh://git@github.com/a/b.git#1' }, 'comes from git'],
    ['that is a folder', { ...fine, link: true }, 'link to a folder'],
    ['that runs a script', { ...fine, hasInstallScript: true }, 'runs a script'],
  ])('is refused with a package %s', (_what, each, problem) => {
    expect(judged(each).join()).toContain(problem);
  });

  test('is refused beside a manifest with ranges, or with a Node whose checksums nobody pinned', () => {
    expect(judged(fine, { a: '^1.0.0' }).join()).toContain('no exact version');
    const other = { manifest: { devDependencies: { node: '24.22.0' } }, lock: { packages: {} } };
    expect(lockProblems({ ...other, runtime: { version: '24.21.0' } }).join()).toContain('pin the new one');
  });

  test('may lack the checksum of what is optional, for other machines', () => {
    expect(judged({ version: '1.0.0', optional: true })).toEqual([]);
  });
});
