import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Git } from './git.ts';

/** One repository that a release goes to. */
export interface ReleaseTarget {
  readonly name: string;
  /** `https://github.com/entropy-playground/coder`. */
  readonly remote: string;
  /** What its newest commit is to hold, and nothing else. */
  readonly folder: string;
}

export interface Release {
  /** `1.4.0`. */
  readonly version: string;
  readonly targets: readonly ReleaseTarget[];
  readonly git: Git;
  readonly log: (line: string) => void;
}

/**
 * Pushes a release: first the version's own tag to every repository, then, when all have it, the tag of its major version (`v1`), so
 * that whoever uses `@v1` never gets half a release. May be run again after any end: what is there is left, and a version that is
 * there with other bytes is refused, for a released version never changes.
 */
export function pushRelease({ version, targets, git, log }: Release): void {
  const major = majorTag(version);
  const commits = targets.map((target) => ({ target, commit: pushVersion(target, `v${version}`, git, log) }));
  for (const { target, commit } of commits) {
    const tags = remoteTags(target, git);
    const newest = newestVersion([...tags.keys()], major);
    if (newest !== version) {
      log(`${target.name}: ${major} stays with v${newest}, which is newer`);
    } else if (tags.get(major) === commit) {
      log(`${target.name}: ${major} is v${version} already`);
    } else {
      inFolder((folder) => {
        git(['init', '--quiet'], folder);
        git(['fetch', '--quiet', '--depth=1', target.remote, commit], folder);
        git(['push', '--quiet', '--force', target.remote, `${commit}:refs/tags/${major}`], folder);
      });
      log(`${target.name}: ${major} is v${version} now`);
    }
  }
}

/** The commit of the version, made and pushed unless it is there. */
function pushVersion(target: ReleaseTarget, tag: string, git: Git, log: (line: string) => void): string {
  const { name, remote, folder: source } = target;
  return inFolder((folder) => {
    git(['init', '--quiet'], folder);
    const there = remoteTags(target, git).get(tag);
    if (there !== undefined) git(['fetch', '--quiet', '--depth=1', remote, there], folder);
    const parent = there === undefined ? fetchMain(target, folder, git) : undefined;
    cpSync(source, folder, { recursive: true });
    git(['add', '--force', '--all', '.'], folder);
    const tree = git(['write-tree'], folder);
    if (there !== undefined) {
      const released = git(['rev-parse', `${there}^{tree}`], folder);
      if (released !== tree) throw new Error(`${name}: ${tag} is released with other bytes; raise the version`);
      log(`${name}: ${tag} is there`);
      return there;
    }
    const parents = parent === undefined ? [] : ['-p', parent];
    const commit = git(['commit-tree', tree, ...parents, '-m', `release ${tag}`], folder);
    // One push: a tag without its branch, or the other way round, is never seen.
    git(['push', '--quiet', '--atomic', remote, `${commit}:refs/heads/main`, `${commit}:refs/tags/${tag}`], folder);
    log(`${name}: ${tag} pushed`);
    return commit;
  });
}

function fetchMain({ remote }: ReleaseTarget, folder: string, git: Git): string | undefined {
  const [line = ''] = git(['ls-remote', remote, 'refs/heads/main'], folder).split('\n');
  const [commit = ''] = line.split('\t');
  if (commit === '') return undefined;
  git(['fetch', '--quiet', '--depth=1', remote, commit], folder);
  return commit;
}

/** Name of each tag, and the commit that it is on. */
function remoteTags({ remote }: ReleaseTarget, git: Git): ReadonlyMap<string, string> {
  const lines = git(['ls-remote', '--tags', '--refs', remote], tmpdir()).split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [commit = '', ref = ''] = line.split('\t');
      return [ref.replace('refs/tags/', ''), commit];
    }),
  );
}

export function majorTag(version: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`"${version}" is no version that can be released: 1.4.0`);
  return `v${version.split('.', 1)[0]}`;
}

/** The highest version of this major that is tagged; versions with a suffix do not count. */
export function newestVersion(tags: readonly string[], major: string): string | undefined {
  const versions = tags.flatMap((tag) => /^v(\d+)\.(\d+)\.(\d+)$/.exec(tag)?.slice(1, 4).map(Number) ?? []);
  const triples = Array.from({ length: versions.length / 3 }, (_, index) => versions.slice(index * 3, index * 3 + 3));
  const own = triples.filter(([first]) => `v${first}` === major);
  own.sort((a, b) => (b[1] ?? 0) - (a[1] ?? 0) || (b[2] ?? 0) - (a[2] ?? 0));
  return own[0]?.join('.');
}

function inFolder<Value>(work: (folder: string) => Value): Value {
  const folder = mkdtempSync(path.join(tmpdir(), 'entropy-release-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
