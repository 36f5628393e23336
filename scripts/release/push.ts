import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Git } from './git.ts';
import { fetchCommit, openScratch, type ReleaseTarget, releaseTree, remoteRefs } from './release-commit.ts';
import { compareVersions, majorTag, releasedVersions } from './versions.ts';

export interface Release {
  /** `1.4.0`. */
  readonly version: string;
  readonly targets: readonly ReleaseTarget[];
  readonly git: Git;
  readonly log: (line: string) => void;
}

interface Place {
  readonly target: ReleaseTarget;
  readonly git: Git;
  /** A repository of our own, thrown away afterwards. */
  readonly folder: string;
  readonly version: string;
  readonly log: (line: string) => void;
}

/**
 * Pushes a release: first the version's own tag to every repository, then, when all have it, the tag of its major version (`v1`), so
 * that whoever uses `@v1` never gets half a release. May be run again after any end: what is there is left, and a version that is
 * there with other bytes is refused, for a released version never changes.
 */
export function pushRelease({ version, targets, git, log }: Release): void {
  majorTag(version);
  const scratch = mkdtempSync(path.join(tmpdir(), 'entropy-release-'));
  try {
    const places = targets.map((target, at) => ({ target, git, folder: path.join(scratch, `${at}`), version, log }));
    for (const place of places) pushVersion(place);
    for (const place of places) moveMajor(place);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The commit of the version, made and pushed unless it is there. */
function pushVersion(place: Place): void {
  const { target, git, folder, version, log } = place;
  const tag = `v${version}`;
  openScratch(folder, git);
  const refs = remoteRefs(target, folder, git);
  const there = refs.get(`refs/tags/${tag}`);
  const tree = releaseTree(target, folder, git);
  if (there !== undefined) {
    fetchCommit(target, there, folder, git);
    const released = git(['rev-parse', `${there}^{tree}`], folder);
    if (released !== tree) throw new Error(`${target.name}: ${tag} is released with other bytes; raise the version`);
    log(`${target.name}: ${tag} is there`);
    return;
  }
  const { parent, branch } = placeInHistory(place, refs);
  if (parent !== undefined && target.kind === 'whole') fetchCommit(target, parent, folder, git);
  const parents = parent === undefined ? [] : ['-p', parent];
  const commit = git(['commit-tree', tree, ...parents, '-m', `release ${tag}`], folder);
  const updates = [`refs/tags/${tag}`, ...branch].map((ref) => `${commit}:${ref}`);
  // One push: a tag without its branch, or the other way round, is never seen.
  git(['push', '--quiet', '--atomic', target.remote, ...updates], folder);
  log(`${target.name}: ${tag} pushed`);
}

interface History {
  readonly parent: string | undefined;
  /** The branch that moves with the tag, if one does. */
  readonly branch: readonly string[];
}

/** A repair of an older version follows the one that it repairs, and leaves `main` where it is. */
function placeInHistory({ target, version }: Place, refs: ReadonlyMap<string, string>): History {
  if (target.kind === 'beside-sources') return { parent: target.source, branch: [] };
  const versions = releasedVersions(tagsOf(refs));
  const isNewest = versions.every((other) => compareVersions(other, version) < 0);
  if (isNewest) return { parent: refs.get('refs/heads/main'), branch: ['refs/heads/main'] };
  const before = versions.find((other) => compareVersions(other, version) < 0);
  return { parent: before === undefined ? undefined : refs.get(`refs/tags/v${before}`), branch: [] };
}

/** Lets `v1` follow, forward only, and only from where it was when that was decided. */
function moveMajor({ target, git, folder, version, log }: Place): void {
  const major = majorTag(version);
  const refs = remoteRefs(target, folder, git);
  const commit = refs.get(`refs/tags/v${version}`);
  const now = refs.get(`refs/tags/${major}`);
  const [newest] = releasedVersions(tagsOf(refs)).filter((other) => majorTag(other) === major);
  if (commit === undefined) throw new Error(`${target.name}: v${version} is gone; somebody removed it`);
  if (newest !== version) {
    log(`${target.name}: ${major} is left to v${newest}, which is newer`);
  } else if (now === commit) {
    log(`${target.name}: ${major} is v${version} already`);
  } else {
    const expected = `--force-with-lease=refs/tags/${major}:${now ?? ''}`;
    git(['push', '--quiet', expected, target.remote, `${commit}:refs/tags/${major}`], folder);
    log(`${target.name}: ${major} is v${version} now`);
  }
}

function tagsOf(refs: ReadonlyMap<string, string>): readonly string[] {
  return [...refs.keys()].filter((ref) => ref.startsWith('refs/tags/')).map((ref) => ref.slice('refs/tags/'.length));
}
