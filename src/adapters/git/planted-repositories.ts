import { lstat, readFile, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { git, usualPath } from './git-command.ts';
import { asGitFolder, locateGitFolder } from './git-folder.ts';
import { splitZero } from './raw-diff.ts';
import { searchPathOutside } from './search-path.ts';

export interface PlantedRequest {
  /** Top folder of the working files. */
  readonly root: string;
  /** PATH in which git is found. */
  readonly path?: string;
  readonly signal: AbortSignal;
}

const maxDepth = 8;

/**
 * Removes what the folders of submodules must not hold: a git folder that is not the repository's own, or a link in the
 * place of the folder. Other steps of the job run git there outside of any sandbox (the clean-up of actions/checkout
 * does), and git obeys the configuration that it finds. What git itself put there points into the `.git` of the top, which
 * a sandbox cannot write. Returns what was removed.
 */
export async function removePlantedRepositories(request: PlantedRequest): Promise<readonly string[]> {
  const root = await realpath(request.root);
  const top = await locateGitFolder(root);
  if (top === undefined) return [];
  const searchPath = await searchPathOutside(request.path ?? usualPath, root);
  const modules = await realpath(path.join(top.commonDir, 'modules')).catch(() => undefined);
  const removed: string[] = [];

  const clean = async (folder: string, gitDir: string, depth: number): Promise<void> => {
    for (const submodule of await gitlinks(gitDir, searchPath, request.signal)) {
      const place = path.join(folder, submodule);
      const link = await linkOnTheWay(folder, submodule);
      const trap = link ?? path.join(place, '.git');
      const own = link === undefined ? await ownGitFolder(place, modules) : undefined;
      if (own === undefined && (await isThere(trap))) {
        await rm(trap, { recursive: true, force: true });
        removed.push(path.relative(root, trap));
      } else if (own !== undefined && depth < maxDepth) await clean(place, own, depth + 1);
    }
  };
  await clean(root, top.gitDir, 1);
  return removed;
}

/** Where submodules belong, by the index of a repository that a sandbox cannot write. */
async function gitlinks(gitDir: string, searchPath: string, signal: AbortSignal): Promise<readonly string[]> {
  const listed = await git({ args: ['ls-files', '--stage', '-z'], place: { gitDir, path: searchPath }, signal });
  return splitZero(listed).flatMap((field) => /^160000 [0-9a-f]+ 0\t(.+)$/s.exec(field.toString('utf8'))?.[1] ?? []);
}

/** The git folder of a submodule when it lies where git keeps those of submodules; undefined for every other. */
async function ownGitFolder(place: string, modules: string | undefined): Promise<string | undefined> {
  const dotGit = path.join(place, '.git');
  const status = await lstat(dotGit).catch(() => undefined);
  if (modules === undefined || status?.isFile() !== true || status.size > 4_096) return undefined;
  const target = /^gitdir: (.+)\n?$/.exec(await readFile(dotGit, 'utf8'))?.[1];
  if (target === undefined) return undefined;
  const gitDir = await realpath(path.resolve(place, target)).catch(() => undefined);
  if (gitDir === undefined || !gitDir.startsWith(`${modules}${path.sep}`)) return undefined;
  return (await asGitFolder(gitDir)) === undefined ? undefined : gitDir;
}

/** The first symlink between a folder and a path in it. */
async function linkOnTheWay(folder: string, below: string): Promise<string | undefined> {
  let at = folder;
  for (const part of below.split('/')) {
    at = path.join(at, part);
    if ((await lstat(at).catch(() => undefined))?.isSymbolicLink() === true) return at;
  }
  return undefined;
}

async function isThere(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}
