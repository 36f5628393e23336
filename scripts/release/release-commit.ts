import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Git } from './git.ts';

/** One repository that a release goes to. */
export type ReleaseTarget = {
  readonly name: string;
  /** `https://github.com/entropy-playground/coder`. */
  readonly remote: string;
  /** Files of the release, byte by byte as they are tagged. */
  readonly folder: string;
} & (
  | {
      /** Holds them and nothing else; `main` shows the newest release. */
      readonly kind: 'whole';
    }
  | {
      /** Holds them beside the sources of this commit, which the repository has. `main` is where people work and stays as it is. */
      readonly kind: 'beside-sources';
      readonly source: string;
    }
);

/** An empty repository in `folder`, in which files go in and out byte by byte, whatever attributes they bring along. */
export function openScratch(folder: string, git: Git): void {
  mkdirSync(folder, { recursive: true });
  git(['init', '--quiet'], folder);
  mkdirSync(path.join(folder, '.git/info'), { recursive: true });
  writeFileSync(path.join(folder, '.git/info/attributes'), '* -text -filter -ident -working-tree-encoding -diff\n');
}

/** The tree that the tag of a version is to have; its sources are fetched before. */
export function releaseTree(target: ReleaseTarget, folder: string, git: Git): string {
  if (target.kind === 'whole') {
    cpSync(target.folder, folder, { recursive: true });
    git(['add', '--force', '--all', '.'], folder);
  } else {
    fetchCommit(target, target.source, folder, git);
    git(['read-tree', target.source], folder);
    cpSync(target.folder, folder, { recursive: true });
    // What is not in the folder stays as the sources have it.
    git(['add', '--force', '--ignore-removal', '.'], folder);
  }
  return git(['write-tree'], folder);
}

export function fetchCommit({ remote }: ReleaseTarget, commit: string, folder: string, git: Git): void {
  git(['fetch', '--quiet', '--no-tags', '--depth=1', remote, commit], folder);
}

/** Name of each tag and branch, in full, and the commit that it is on. */
export function remoteRefs({ remote }: ReleaseTarget, folder: string, git: Git): ReadonlyMap<string, string> {
  const refs = new Map<string, string>();
  for (const line of git(['ls-remote', '--heads', '--tags', remote], folder).split('\n').filter(Boolean)) {
    const [commit = '', ref = ''] = line.split('\t');
    // A tag that somebody annotated comes twice; the second line has the commit.
    refs.set(ref.replace(/\^\{\}$/, ''), commit);
  }
  return refs;
}
