import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foreignSources } from '../../../../src/domain/package-sources/foreign-sources.ts';
import { sourceFileKind } from '../../../../src/domain/package-sources/source-files.ts';
import type { TaskNetwork } from '../../../../src/domain/sandbox-network.ts';

const names = (path: string, after: string, before?: string, network?: TaskNetwork): readonly string[] =>
  foreignSources({ path, before, after }, network).map(({ name }) => name);

const npmLock = (resolved: string, more: object = {}): string =>
  JSON.stringify({ packages: { '': { dependencies: {} }, 'node_modules/a': { version: '1.0.0', resolved, ...more } } });

describe('a changed lock file takes packages', () => {
  it.each([
    ['package-lock.json', npmLock('https://registry.npmjs.org/a/-/a-1.0.0.tgz')],
    [
      'package-lock.json',
      npmLock('packages/a', {
        link: true,
        funding: { url: 'https://sponsors.example/a' },
        deprecated: 'see https://x.example',
      }),
    ],
    [
      'package-lock.json',
      JSON.stringify({ dependencies: { a: { version: '1.0.0', integrity: 'sha512-ab/cd==', requires: { b: '^1' } } } }),
    ],
    [
      'package.json',
      JSON.stringify({
        homepage: 'https://x.example',
        repository: 'octo/slug',
        dependencies: { a: '^1.0.0', b: 'workspace:*', c: 'file:../c', d: 'npm:e@1' },
      }),
    ],
    ['yarn.lock', 'a@^1.0.0:\n  version "1.0.0"\n  resolved "https://registry.yarnpkg.com/a/-/a-1.0.0.tgz#abc"\n'],
    ['yarn.lock', '"a@npm:^1.0.0":\n  resolution: "a@npm:1.0.0"\n"b@workspace:.":\n  version: 0.0.0-use.local\n'],
    [
      'pnpm-lock.yaml',
      '  a@1.0.0:\n    resolution: {integrity: sha512-ab==}\n    deprecated: This is over. Please see https://github.com/octo/a (or https://b.example)\n',
    ],
    ['Cargo.lock', 'source = "registry+https://github.com/rust-lang/crates.io-index"\n'],
    ['poetry.lock', 'url = "https://files.pythonhosted.org/packages/a.whl"\n'],
    ['uv.lock', 'source = { registry = "https://pypi.org/simple" }\n'],
    ['go.mod', 'require evil.example/x v1.0.0\nreplace a.example/b => ../b\n'],
    ['.npmrc', 'registry=https://registry.npmjs.org\n@octo:registry=https://registry.npmjs.org\n'],
    ['requirements.txt', '--index-url https://pypi.org/simple\na==1.0 # see a\n'],
    ['README.md', 'https://evil.example/a.tgz'],
  ])('from known places in %s', (path, text) => expect(names(path, text)).toEqual([]));

  it.each([
    ['package-lock.json', npmLock('https://evil.example/a.tgz'), 'evil.example'],
    ['package-lock.json', npmLock('git+ssh://git@github.com/mallory/a.git#0123'), 'github.com/mallory/a'],
    ['package-lock.json', npmLock('http://registry.npmjs.org/a.tgz'), 'http://registry.npmjs.org'],
    ['package-lock.json', npmLock('https://registry.npmjs.org:8443/a.tgz'), 'registry.npmjs.org:8443'],
    ['package-lock.json', npmLock('https://registry.npmjs.org@evil.example/a'), 'evil.example'],
    ['package-lock.json', npmLock('https://registry.npmjs.org%2F@evil.example/a'), 'evil.example'],
    ['package-lock.json', npmLock('https:evil.example/a.tgz'), 'evil.example'],
    ['package-lock.json', npmLock('ht\ntps://evil.example/a.tgz'), 'evil.example'],
    [
      'package-lock.json',
      npmLock('x').replace('"resolved"', '"resol\\u0076ed"').replace('"x"', '"https:\\/\\/evil.example"'),
      'evil.example',
    ],
    ['sub/Package-Lock.JSON', npmLock('https://evil.example/a.tgz'), 'evil.example'],
    ['npm-shrinkwrap.json', `${npmLock('https://evil.example/a.tgz')},`, 'evil.example'],
    ['package.json', JSON.stringify({ overrides: { a: { b: 'mallory/b#main' } } }), 'github.com/mallory/b'],
    ['package.json', JSON.stringify({ dependencies: { a: 'gitlab:mallory/b' } }), 'gitlab.com/mallory/b'],
    ['package.json', JSON.stringify({ dependencies: { a: 'git@gitlab.com:mallory/b.git' } }), 'gitlab.com/mallory/b'],
    ['yarn.lock', '  resolved "https://evil.example/a.tgz#abc"\n', 'evil.example'],
    [
      'pnpm-lock.yaml',
      '    resolution: {tarball: https://codeload.github.com/mallory/a/tar.gz/01}\n',
      'codeload.github.com/mallory/a',
    ],
    ['pnpm-lock.yaml', '    resolution: {tarball: !!str https://evil.example}\n', 'evil.example'],
    ['pnpm-lock.yaml', '    resolution: {tarball: "\\x68ttps://evil.example"}\n', 'evil.example'],
    ['pnpm-lock.yaml', '    resolution: {tarball: "https:/\\\n      /evil.example/a"}\n', 'evil.example'],
    ['Cargo.lock', 'source = "git+https://github.com/mallory/a?rev=1#1"\n', 'github.com/mallory/a'],
    ['Cargo.lock', 'source = "registry+https://evil.example/index"\n', 'evil.example'],
    ['poetry.lock', '[package.source]\ntype = "legacy"\nurl = "https://evil.example/simple"\n', 'evil.example'],
    ['uv.lock', 'source = { git = "ssh://git@evil.example/a" }\n', 'evil.example'],
    ['go.mod', 'replace (\n\ta.example/b v1.0.0 => evil.example/c v1.0.1\n)\n', 'evil.example'],
    ['go.mod', 'replace a.example/b => github.com/mallory/c v1.0.1\n', 'github.com/mallory/c'],
    ['.npmrc', '@octo:registry=https://evil.example/\n', 'evil.example'],
    ['.yarnrc.yml', 'npmRegistryServer: "https://evil.example"\n', 'evil.example'],
    ['.yarnrc', 'registry "https://evil.example"\n', 'evil.example'],
    ['pip.conf', '[global]\nextra-index-url = https://evil.example/simple\n', 'evil.example'],
    ['requirements-dev.txt', '-e git+https://github.com/mallory/a@main#egg=a\n', 'github.com/mallory/a'],
    ['.cargo/config.toml', 'replace-with = "x"\nregistry = "sparse+https://evil.example/"\n', 'evil.example'],
  ])('from a foreign one in %s: %s', (path, text, source) => expect(names(path, text)).toContain(source));

  it.each([
    'https://registry.npmjs.org\\@evil.example/a',
    'https://registry.npmjs.org @evil.example/a',
    "https://registry.npmjs.org'@evil.example/a",
    'https://registry.npmjs.org\t@evil.example/a',
  ])('from an address that two programs read differently: %j', (address) => {
    expect(names('yarn.lock', `  resolved "${address}"\n`)).toHaveLength(1);
    expect(names('package-lock.json', npmLock(address))).toHaveLength(1);
  });

  it('from where it took them before, or from a host that the maintainer named', () => {
    const evil = npmLock('https://packages.example/a.tgz');
    expect(names('package-lock.json', evil, npmLock('https://packages.example/b.tgz'))).toEqual([]);
    const hosts = ['packages.example'];
    const allowed = { kind: 'allowed', hosts, services: [] } as const;
    expect(names('package-lock.json', evil, undefined, { setup: allowed, agent: { kind: 'none' } })).toEqual([]);
    expect(names('package-lock.json', evil, undefined, { setup: { kind: 'open' }, agent: allowed })).toEqual([]);
    expect(names('package-lock.json', evil, undefined, { setup: { kind: 'open' }, agent: { kind: 'none' } })).toEqual(
      hosts,
    );
  });

  it('where everybody has a place, each place counts by itself', () => {
    const from = (who: string) => `resolved "https://github.com/${who}/a/archive/x.tgz"\n`;
    expect(names('yarn.lock', from('mallory'), from('octo'))).toEqual(['github.com/mallory/a']);
    expect(names('yarn.lock', from('octo'), from('octo'))).toEqual([]);
  });
});

describe('reading where packages come from', () => {
  const paths = ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'go.mod', '.npmrc'];

  it('takes any text, and finds an address wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('yarn.lock', 'Cargo.lock', '.npmrc'),
        fc.string(),
        fc.string(),
        (path, before, after) => {
          expect(sourceFileKind(path)).toBeDefined();
          const text = `${before}\n"https://evil.example/a"\n${after}`;
          expect(
            foreignSources({ path, before: undefined, after: text }, undefined).some(({ name }) =>
              name.includes('evil.example'),
            ),
          ).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    'https://',
    'https:a ',
    `${'a'.repeat(30)}:`,
    'a.b@c.',
    '@a.a.a.a.',
    "https://x'",
    '{"a":',
    '[',
    'deprecated: a https://x ',
    '\\u0068',
    'replace => a.b/',
    'github:a/',
  ])('takes time that grows with the text, of %j over and over', (part) => {
    const cost = (size: number, path: string) => {
      const text = part.repeat(size / part.length);
      const started = process.cpuUsage();
      foreignSources({ path, before: text, after: text }, undefined);
      const { user, system } = process.cpuUsage(started);
      return (user + system) / 1_000;
    };
    for (const path of paths) {
      const best = Math.min(...[0, 1, 2].map(() => cost(65_536, path)));
      expect([path, best < 200]).toEqual([path, true]);
    }
  });
});
