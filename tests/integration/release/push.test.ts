import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Git, type GitWith, gitWith } from '../../../scripts/release/git.ts';
import { publishRelease } from '../../../scripts/release/publish.ts';
import { keepRepositories, type ReleaseScene, releaseScene } from './release-scene.ts';

const publish = (scene: ReleaseScene, folder: string): readonly string[] => {
  const logged: string[] = [];
  publishRelease({ folder, base: scene.base, token: undefined, log: (line) => logged.push(line) });
  return logged;
};

describe('a release', () => {
  it('is a tag in every repository, and `v1` follows', () => {
    using scene = releaseScene();
    publish(scene, scene.release('1.0.0'));
    const refs = scene.refs();
    for (const name of scene.repositories) expect(refs[`${name} refs/tags/v1`]).toBe(refs[`${name} refs/tags/v1.0.0`]);
    for (const name of ['coder', 'gate'])
      expect(refs[`${name} refs/heads/main`]).toBe(refs[`${name} refs/tags/v1.0.0`]);
    expect(scene.file('gate', 'v1', 'dist/index.js')).toBe('// 1.0.0\r\n');
    expect(scene.file('gate', 'v1', 'README.md')).toBe('# gate\n');
  });

  it('has the bundles beside the sources in the main repository, byte by byte, and leaves its `main` alone', () => {
    using scene = releaseScene();
    const folder = scene.release('1.0.0');
    const before = scene.refs()['entropy-playground refs/heads/main'];
    publish(scene, folder);
    const at = scene.refs();
    expect(at['entropy-playground refs/heads/main']).toBe(before);
    expect(at['entropy-playground refs/tags/v1']).not.toBe(before);
    expect(scene.git(['rev-parse', 'v1^'], `${scene.base}/entropy-playground`)).toBe(before);
    expect(scene.git(['ls-tree', '-r', '--name-only', 'v1'], `${scene.base}/entropy-playground`).split('\n')).toEqual([
      '.gitattributes',
      '.gitignore',
      'actions/coder/action.yml',
      'actions/coder/dist/index.js',
      'actions/gate/dist/index.js',
      'index.ts',
    ]);
    expect(scene.file('entropy-playground', 'v1', 'actions/coder/dist/index.js')).toBe('// 1.0.0\r\n');
  });

  it('that is run again changes nothing, and says so', () => {
    using scene = releaseScene();
    const folder = scene.release('1.0.0');
    publish(scene, folder);
    const before = scene.refs();
    expect(publish(scene, folder)).toEqual([
      ...scene.repositories.map((name) => `${name}: v1.0.0 is there`),
      ...scene.repositories.map((name) => `${name}: v1 is v1.0.0 already`),
    ]);
    expect(scene.refs()).toEqual(before);
  });

  it('is refused with other bytes than were released, before anything moves', () => {
    using scene = releaseScene();
    publish(scene, scene.release('1.0.0'));
    const before = scene.refs();
    const other = scene.release('1.0.0', 'other');
    expect(() => publish(scene, other)).toThrow('coder: v1.0.0 is released with other bytes; raise the version');
    const { 'entropy-playground refs/heads/main': _, ...tags } = scene.refs();
    expect(before).toMatchObject(tags);
  });

  it('is refused when its files are not what the sums say', () => {
    using scene = releaseScene();
    const folder = scene.release('1.0.0');
    writeFileSync(`${folder}/actions/gate/dist/index.js`, 'swapped');
    writeFileSync(`${folder}/actions/gate/dist/more.js`, '');
    expect(() => publish(scene, folder)).toThrow(
      /more\.js is not in SHA256SUMS\nactions\/gate\/dist\/index\.js has other bytes/,
    );
    expect(Object.keys(scene.refs())).toEqual(['entropy-playground refs/heads/main']);
  });

  it('of an older version moves neither `v1` nor `main` back, and follows the version that it repairs', () => {
    using scene = releaseScene();
    for (const version of ['1.0.0', '1.10.0', '2.0.0']) publish(scene, scene.release(version));
    const before = scene.refs();
    expect(publish(scene, scene.release('1.9.0'))).toContain('gate: v1 is left to v1.10.0, which is newer');
    const after = scene.refs();
    for (const name of ['coder', 'gate']) {
      for (const ref of ['refs/heads/main', 'refs/tags/v1', 'refs/tags/v2'])
        expect(after[`${name} ${ref}`]).toBe(before[`${name} ${ref}`]);
      expect(scene.git(['rev-parse', 'v1.9.0^'], `${scene.base}/${name}`)).toBe(before[`${name} refs/tags/v1.0.0`]);
    }
    publish(scene, scene.release('1.10.1'));
    const last = scene.refs();
    expect(last['gate refs/tags/v1']).toBe(last['gate refs/tags/v1.10.1']);
    expect(last['gate refs/heads/main']).toBe(before['gate refs/tags/v2.0.0']);
  });
});

describe('a release that was killed', () => {
  it('before or after any change of a repository ends, run again, as one that was not; `v1` is of a version that all have', () => {
    using scene = releaseScene(['gate']);
    const { repositories } = scene;
    publish(scene, scene.release('1.0.0'));
    const folder = scene.release('1.1.0');
    const restore = keepRepositories(scene);
    const pushes: number[] = [];
    publishUpTo(scene, folder, { calls: Number.POSITIVE_INFINITY, pushes });
    const wanted = scene.refs();
    expect(pushes).toHaveLength(2 * repositories.length);
    // Going on depends on nothing but what the repositories hold, and only a push changes that.
    for (const call of [(pushes[0] ?? 0) - 1, ...pushes]) {
      restore();
      publishUpTo(scene, folder, { calls: call });
      const half = scene.refs();
      const version = (name: string) => half[`${name} refs/tags/v1.1.0`];
      const moved = repositories.some((name) => version(name) && half[`${name} refs/tags/v1`] === version(name));
      if (moved) expect(repositories.filter((name) => version(name) === undefined)).toEqual([]);
      publish(scene, folder);
      expect(scene.refs()).toEqual(wanted);
    }
  }, 180_000);
});

/** Ends the release when so many calls of git were made; tells which of them were pushes. */
function publishUpTo(
  scene: ReleaseScene,
  folder: string,
  { calls, pushes }: { readonly calls: number; readonly pushes?: number[] },
): void {
  let made = 0;
  const gitOf = (how: GitWith): Git => {
    const git = gitWith(how);
    return (args, cwd) => {
      if (made === calls) throw new Error('killed');
      made += 1;
      if (args[0] === 'push') pushes?.push(made);
      return git(args, cwd);
    };
  };
  try {
    publishRelease({ folder, base: scene.base, token: undefined, log: () => undefined, gitOf });
  } catch (error) {
    expect(String(error)).toContain('killed');
  }
}
