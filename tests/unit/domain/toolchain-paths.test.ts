import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, toolchainMount, whyNeverMounted } from '../../../src/domain/toolchain-paths.ts';

const machine = {
  homes: ['/home/runner', '/github/home'],
  workspace: '/home/runner/work/slug/slug',
  namesIn: (folder: string) => (folder === '/srv/tool' ? ['bin', 'lib', 'share', 'etc', '.env', 'src'] : ['bin']),
};
const mounted = (folder: string) => {
  const decision = toolchainMount(folder, machine);
  return decision.kind === 'mount' ? decision.paths : decision.kind;
};

describe('what of the machine is shown so that the programs of a PATH folder work', () => {
  it.each([
    ['/usr/local/bin', 'present'],
    ['/opt/hostedtoolcache/node/24.1.0/x64/bin', 'present'],
    ['/nix/store/abc-node/bin', 'present'],
    ['/work/app/node_modules/.bin', ['/work/app/node_modules']],
    ['/work/app/node_modules/node/bin', ['/work/app/node_modules']],
    ['/opt/node-v24/bin', ['/opt/node-v24/bin']],
    ['/srv/tool/bin', ['/srv/tool/bin', '/srv/tool/lib', '/srv/tool/share']],
    ['/home/runner/.nvm/versions/node/v24.0.0/bin', ['/home/runner/.nvm/versions/node/v24.0.0']],
    ['/home/runner/.pyenv/shims', ['/home/runner/.pyenv']],
    ['/home/runner/.cargo/bin', ['/home/runner/.cargo/bin', '/home/runner/.rustup']],
    ['/home/runner/bin', ['/home/runner/bin']],
    ['/github/home/.cargo/bin', ['/github/home/.cargo/bin', '/github/home/.rustup']],
    ['/home/linuxbrew/.linuxbrew/bin', ['/home/linuxbrew/.linuxbrew']],
    ['/home/runner/_work/_tool/node/24.1.0/x64/bin', ['/home/runner/_work/_tool/node/24.1.0/x64']],
  ])('%s → %j', (folder, expected) => expect(mounted(folder)).toEqual(expected));

  it.each([
    '/',
    '/bin2',
    '/home',
    '/home/runner',
    '/github/home',
    '/home/alice',
    '/home/alice/bin',
    '/root',
    '/root/bin',
    '/home/runner/work',
    '/home/runner/.ssh/bin',
    '/home/runner/.config/composer/vendor/bin',
    '/home/runner/_work/_temp/bin',
    '/home/runner/_work/slug/slug/bin',
    '/home/runner/actions/_actions/x/bin',
    '/run/user/1000/bin',
    '/etc/alternatives',
    '/proc/self/fd',
  ])('never shows %s', (folder) => expect(toolchainMount(folder, machine)).toMatchObject({ kind: 'refused' }));

  it('finds a folder of the workspace where the workspace is inside', () => {
    expect(toolchainMount(`${machine.workspace}/node_modules/.bin`, machine)).toEqual({
      kind: 'workspace',
      path: '/ws/node_modules/.bin',
    });
  });

  it('tells tools where their root is, since home is another one', () => {
    expect(toolchainMount('/home/runner/.cargo/bin', machine)).toMatchObject({
      env: { RUSTUP_HOME: '/home/runner/.rustup' },
    });
  });

  it('never shows a home, what holds it or the workspace, another user, or a folder of credentials', () => {
    const names = [
      'home',
      'root',
      'runner',
      'alice',
      'bin',
      'work',
      'slug',
      '.ssh',
      '.aws',
      '.docker',
      '_temp',
      '_work',
      '.cargo',
      '.nvm',
      'node_modules',
      'opt',
      'srv',
      'tool',
      '.local',
      'usr',
    ];
    const path = fc.array(fc.constantFrom(...names), { maxLength: 7 }).map((segments) => `/${segments.join('/')}`);
    fc.assert(
      fc.property(path, (folder) => {
        const decision = toolchainMount(folder, machine);
        if (decision.kind !== 'mount') return;
        for (const shown of decision.paths) {
          expect(whyNeverMounted(shown, machine)).toBeUndefined();
          expect(machine.homes.some((home) => isWithin(home, shown))).toBe(false);
          expect(isWithin(machine.workspace, shown)).toBe(false);
          expect(shown).not.toMatch(/\/(\.ssh|\.aws|\.docker|_temp)(\/|$)/);
          expect(shown).not.toMatch(/^\/(root|home\/alice)(\/|$)/);
          expect(shown.split('/').length).toBeGreaterThan(2);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
