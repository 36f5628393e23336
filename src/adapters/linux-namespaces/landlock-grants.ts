import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isCredentialFile, rootFolders, wholeFolders } from '../../domain/sandbox-layout.ts';
import type { FileAccess } from '../../ports/sandbox.ts';
import { realPath } from './machine-toolchains.ts';

/** What is allowed beneath a path; everything that is not named is refused by the kernel. */
export interface Grant {
  readonly what: 'list' | 'read' | 'run' | 'device' | 'write';
  /** Of a folder or file that is there, without symlinks on the way to it. */
  readonly path: string;
}

/** Programs and libraries of the machine, and no settings of it but where libraries are. */
export function systemGrants(): readonly Grant[] {
  const run = [...rootFolders, ...wholeFolders].flatMap((path) => realPath(path) ?? []);
  return [
    ...[...new Set(run)].map((path) => ({ what: 'run', path }) as const),
    ...granted('read', ['/etc/ld.so.cache', '/etc/localtime', '/dev/urandom', '/dev/zero']),
    ...granted('device', ['/dev/null']),
  ];
}

function granted(what: Grant['what'], paths: readonly string[]): readonly Grant[] {
  return paths.flatMap((path) => realPath(path) ?? []).map((path) => ({ what, path }));
}

/**
 * What one call of a file tool may reach of the workspace. Landlock can only add rights, all the way down, so each entry
 * at the top is named: `.git` and files of credentials are not among them. A write is let into the one folder that it is
 * for. For a new entry at the top that has to be the whole workspace; what runs then is a script of ours whose target
 * was looked at here, and nothing else runs meanwhile.
 */
export function workspaceGrants(workspace: string, access: FileAccess): readonly Grant[] {
  const reading = readingOf(workspace);
  if (access.kind === 'read') return reading;
  const folder = folderOfTarget(workspace, access.path);
  return folder === undefined ? reading : [...reading, { what: 'write', path: folder }];
}

/** What a pull request is measured against is read, by whatever tool, and never written. */
export function baseGrants(base: string | undefined): readonly Grant[] {
  return base === undefined ? [] : readingOf(base);
}

function readingOf(folder: string): readonly Grant[] {
  const shown = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => (entry.isFile() || entry.isDirectory()) && !isHidden(entry.name),
  );
  return [
    { what: 'list', path: folder },
    ...shown.map(({ name }) => ({ what: 'read', path: join(folder, name) }) as const),
  ];
}

/** The folder, as it is without symlinks, in which a write to this path would end; undefined when it may not go there. */
function folderOfTarget(workspace: string, path: string): string | undefined {
  const target = withoutLinks(resolve(workspace, path));
  if (target === undefined || !target.startsWith(workspace + sep)) return undefined;
  const [top = ''] = target.slice(workspace.length + 1).split(sep);
  if (isHidden(top)) return undefined;
  let folder = dirname(target);
  while (realPath(folder) === undefined) folder = dirname(folder);
  return folder;
}

const mostLinks = 40;

/** The path with every symlink on it followed, the last part and what is not there yet included. */
function withoutLinks(path: string): string | undefined {
  let current = path;
  for (let followed = 0; followed < mostLinks; followed += 1) {
    const parent = realOrMissing(dirname(current));
    const here = join(parent, basename(current));
    if (lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return here;
    current = resolve(parent, readlinkSync(here));
  }
  return undefined;
}

function realOrMissing(path: string): string {
  const real = realPath(path);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  const parent = realOrMissing(dirname(path));
  const here = join(parent, basename(path));
  const status = lstatSync(here, { throwIfNoEntry: false });
  // A link that leads nowhere: whoever makes the folders on the way fails on it.
  return status?.isSymbolicLink() === true ? resolve(parent, readlinkSync(here)) : here;
}

function isHidden(name: string): boolean {
  return name.toLowerCase() === '.git' || isCredentialFile(name);
}
