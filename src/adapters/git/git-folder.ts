import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EntropyError } from '../../domain/error.ts';
import { type GitPlace, git } from './git-command.ts';

export interface GitFolder {
  /** The folder that holds HEAD and the index of this working copy. */
  readonly gitDir: string;
  /** The folder that holds objects and refs; another one than `gitDir` in a worktree. */
  readonly commonDir: string;
}

/**
 * Where a working copy keeps its git data: `.git` is a folder, or a file that points to one (worktree, submodule).
 * Read without git, so nothing in the folder is obeyed. Undefined when there is none.
 */
export async function locateGitFolder(root: string): Promise<GitFolder | undefined> {
  const dotGit = path.join(root, '.git');
  const found = await stat(dotGit).catch(() => undefined);
  if (found === undefined) return undefined;
  const gitDir = found.isDirectory() ? dotGit : await pointedTo(dotGit, root);
  return gitDir === undefined ? undefined : asGitFolder(gitDir);
}

/** A folder as git data, when it looks like that. */
export async function asGitFolder(gitDir: string): Promise<GitFolder | undefined> {
  const head = await stat(path.join(gitDir, 'HEAD')).catch(() => undefined);
  if (head === undefined) return undefined;
  const common = await readFile(path.join(gitDir, 'commondir'), 'utf8').catch(() => undefined);
  return { gitDir, commonDir: common === undefined ? gitDir : path.resolve(gitDir, common.trim()) };
}

async function pointedTo(dotGit: string, root: string): Promise<string | undefined> {
  const target = /^gitdir: (.+)$/m.exec(await readFile(dotGit, 'utf8'))?.[1];
  return target === undefined ? undefined : path.resolve(root, target.trim());
}

/** Settings of the repository that decide which bytes git stores; only these are taken over, and only these values. */
const takenOver: Readonly<Record<string, RegExp>> = {
  'core.autocrlf': /^(?:true|false|input)$/,
  'core.eol': /^(?:lf|crlf|native)$/,
  'core.filemode': /^(?:true|false)$/,
  'core.symlinks': /^(?:true|false)$/,
  'core.ignorecase': /^(?:true|false)$/,
  'core.precomposeunicode': /^(?:true|false)$/,
};

export interface OwnFolderOptions {
  readonly source: GitFolder;
  /** A new folder, outside of the workspace. */
  readonly target: string;
  /** Its objects are borrowed as well. */
  readonly besides?: GitFolder;
  readonly path: string;
  readonly signal: AbortSignal;
}

/**
 * A git folder of our own that borrows the objects of another and nothing else: no configuration beyond line endings
 * and file modes, no hooks, no refs. New objects are written here.
 */
export async function makeOwnFolder(options: OwnFolderOptions): Promise<void> {
  const { source, target } = options;
  await mkdir(path.join(target, 'objects', 'info'), { recursive: true });
  await mkdir(path.join(target, 'refs'), { recursive: true });
  await mkdir(path.join(target, 'info'), { recursive: true });
  await writeFile(path.join(target, 'HEAD'), 'ref: refs/heads/none\n');
  const lenders = [source, ...(options.besides === undefined ? [] : [options.besides])];
  const alternates = lenders.map(({ commonDir }) => `${quotePath(path.join(commonDir, 'objects'))}\n`);
  await writeFile(path.join(target, 'objects', 'info', 'alternates'), alternates.join(''));
  await writeFile(path.join(target, 'config'), await ownConfig(options));
  await copyIfThere(path.join(source.commonDir, 'info', 'exclude'), path.join(target, 'info', 'exclude'));
  await copyIfThere(path.join(source.commonDir, 'shallow'), path.join(target, 'shallow'));
}

/** Paths that begin with a quote or hold a newline must be quoted in `alternates`; quoting always is simpler. */
function quotePath(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

async function ownConfig(options: OwnFolderOptions): Promise<string> {
  const settings = await readSettings(options);
  if (settings.get('extensions.objectformat') === 'sha256') throw unsupportedHash();
  const kept = Object.entries(takenOver).flatMap(([key, allowed]) => {
    const value = settings.get(key)?.toLowerCase();
    return value !== undefined && allowed.test(value) ? [`\t${key.slice('core.'.length)} = ${value}`] : [];
  });
  const own = [
    '[core]',
    '\trepositoryformatversion = 0',
    '\tbare = false',
    '\tlooseCompression = 1',
    // Names that only Windows or macOS would read as `.git` are to be reported by the patch rules, not lost here.
    '\tprotectNTFS = false',
    '\tprotectHFS = false',
  ];
  return `${[...own, ...kept].join('\n')}\n`;
}

async function readSettings({ source, target, path: searchPath, signal }: OwnFolderOptions) {
  const config = path.join(source.commonDir, 'config');
  const place: GitPlace = { gitDir: target, path: searchPath };
  const there = await stat(config).catch(() => undefined);
  if (there === undefined) return new Map<string, string>();
  const listed = await git({ args: ['config', '--file', config, '--no-includes', '--null', '--list'], place, signal });
  const pairs = listed.toString('utf8').split('\0').filter(Boolean);
  return new Map(
    pairs.map((pair) => {
      const [key = '', ...value] = pair.split('\n');
      return [key, value.length === 0 ? 'true' : value.join('\n')] as const;
    }),
  );
}

function unsupportedHash(): EntropyError {
  return new EntropyError({
    code: 'E500',
    message: 'the repository uses SHA-256 object names, which GitHub does not take',
    fix: 'use a repository with SHA-1 object names (git init --object-format=sha1)',
  });
}

async function copyIfThere(from: string, to: string): Promise<void> {
  const content = await readFile(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (content !== undefined) await writeFile(to, content);
}

/**
 * Copies an index with its time stamp rounded down. git looks again at files that are not older than the index itself;
 * a copy that looked younger would make it trust entries that it should not.
 */
export async function copyIndex(from: string, to: string): Promise<boolean> {
  const info = await stat(from).catch(() => undefined);
  if (info === undefined) return false;
  await writeFile(to, await readFile(from));
  const seconds = Math.floor(info.mtimeMs / 1_000);
  await utimes(to, seconds, seconds);
  return true;
}
