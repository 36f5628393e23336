import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ReleaseFile } from '../../../scripts/release/assemble.ts';
import { writeSums } from '../../../scripts/release/files.ts';
import { type Git, gitWith } from '../../../scripts/release/git.ts';
import { type TempFolder, tempFolder } from '../../fakes/temp-folder.ts';

export const date = '1763755200 +0000';
export const main = 'entropy-playground';

/** The repositories that releases go to, as bare ones on this machine, and a folder for what is released. */
export interface ReleaseScene extends TempFolder {
  /** Actions first, as they are given the release. */
  readonly repositories: readonly string[];
  /** Address that all of them are under. */
  readonly base: string;
  readonly git: Git;
  /** Puts together what `assembleRelease` would, of bundles that hold these words; returns its folder. */
  release(version: string, words?: string): string;
  /** Every tag and branch of every repository, with its commit. */
  refs(): Readonly<Record<string, string>>;
  /** A file as a tag has it, without anything that git would do to it. */
  file(repository: string, ref: string, name: string): string;
}

export function releaseScene(actionNames: readonly string[] = ['coder', 'gate']): ReleaseScene {
  const repositories = [...actionNames, main];
  const place = tempFolder();
  const { root } = place;
  const git = gitWith({ date });
  const bare = (name: string): string => path.join(root, 'github', name);
  for (const name of repositories) {
    mkdirSync(bare(name), { recursive: true });
    git(['init', '--quiet', '--bare'], bare(name));
  }
  const sources = path.join(root, 'sources');
  mkdirSync(path.join(sources, 'actions/coder'), { recursive: true });
  git(['init', '--quiet'], sources);
  const commitSource = (text: string): string => {
    writeFileSync(path.join(sources, 'index.ts'), text);
    writeFileSync(path.join(sources, '.gitignore'), 'dist/\n');
    // What git does to bundles elsewhere must not be done to those that are tagged.
    writeFileSync(path.join(sources, '.gitattributes'), '* text=auto eol=lf\n');
    writeFileSync(path.join(sources, 'actions/coder/action.yml'), 'name: coder\n');
    git(['add', '--all', '.'], sources);
    git(['commit', '--quiet', '--allow-empty', '-m', text], sources);
    git(['push', '--quiet', bare('entropy-playground'), 'HEAD:refs/heads/main'], sources);
    return git(['rev-parse', 'HEAD'], sources);
  };
  return {
    ...place,
    repositories,
    base: path.join(root, 'github'),
    git,
    release: (version, words = version) => {
      const folder = path.join(root, 'releases', `${version} ${words}`);
      rmSync(folder, { recursive: true, force: true });
      for (const name of actionNames) {
        const action = path.join(folder, 'actions', name);
        mkdirSync(path.join(action, 'dist'), { recursive: true });
        writeFileSync(path.join(action, 'action.yml'), `name: ${name}\n`);
        writeFileSync(path.join(action, 'README.md'), `# ${name}\n`);
        writeFileSync(path.join(action, 'dist/index.js'), `// ${words}\r\n`);
      }
      const release: ReleaseFile = { version, source: commitSource(version), date };
      writeFileSync(path.join(folder, 'release.json'), JSON.stringify(release));
      writeSums(folder);
      return folder;
    },
    refs: () =>
      Object.fromEntries(
        repositories.flatMap((name) =>
          git(['for-each-ref', '--format=%(refname) %(objectname)'], bare(name))
            .split('\n')
            .filter(Boolean)
            .map((line) => [`${name} ${line.split(' ')[0]}`, line.split(' ')[1] ?? ''] as const),
        ),
      ),
    file: (repository, ref, name) =>
      execFileSync('git', ['cat-file', 'blob', `${ref}:${name}`], { cwd: bare(repository), encoding: 'utf8' }),
    [Symbol.dispose]: () => place[Symbol.dispose](),
  };
}

/** The repositories as they are now, to go back to. */
export function keepRepositories({ root, base }: ReleaseScene): () => void {
  const kept = path.join(root, 'kept');
  rmSync(kept, { recursive: true, force: true });
  cpSync(base, kept, { recursive: true });
  return () => {
    rmSync(base, { recursive: true, force: true });
    cpSync(kept, base, { recursive: true });
  };
}
