import { mkdir, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { EntropyError, type ErrorDetails } from '../../../domain/error.ts';
import { BareRepository } from './bare-repository.ts';
import type { Signature } from './commit-object.ts';
import { branchRef, isRefName, zeroSha } from './ref-name.ts';
import { runGit } from './run-git.ts';

export type RepositorySource =
  | { readonly kind: 'empty' }
  | { readonly kind: 'folder'; readonly path: string; readonly message?: string }
  /** A local repository, history included. Its objects are borrowed, not copied; it is never written to. */
  | { readonly kind: 'git'; readonly path: string; readonly base?: string };

export interface NewBareRepository {
  readonly dir: string;
  readonly source: RepositorySource;
  /** The default branch of an empty one or of a folder. */
  readonly defaultBranch: string;
  readonly author: Signature;
  readonly hostPath: string;
}

export interface CreatedRepository {
  readonly git: BareRepository;
  readonly defaultBranch: string;
}

export async function createBareRepository(options: NewBareRepository): Promise<CreatedRepository> {
  const { dir, source, hostPath } = options;
  await mkdir(dir, { recursive: true });
  const init = ['init', '--quiet', '--bare', '--template=', `--initial-branch=${options.defaultBranch}`, dir];
  await runGit({ args: init, hostPath });
  const git = new BareRepository(dir, hostPath);
  switch (source.kind) {
    case 'empty':
      return { git, defaultBranch: options.defaultBranch };
    case 'folder':
      await commitFolder(git, source, options);
      return { git, defaultBranch: options.defaultBranch };
    case 'git':
      return { git, defaultBranch: await borrow(git, source) };
    default:
      return source satisfies never;
  }
}

async function commitFolder(
  git: BareRepository,
  source: { readonly path: string; readonly message?: string },
  options: NewBareRepository,
): Promise<void> {
  const index = join(git.dir, 'seed-index');
  const env = { GIT_INDEX_FILE: index, ...identity(options.author) };
  const tree = ['--work-tree', resolve(source.path)];
  await git.run([...tree, 'add', '--all', '.'], { env });
  const treeSha = await git.text(['write-tree'], { env });
  const message = `${source.message ?? 'Initial commit'}\n`;
  const commit = await git.text(['commit-tree', treeSha], { env, stdin: message });
  await git.run(['update-ref', branchRef(options.defaultBranch), commit, zeroSha]);
  await rm(index, { force: true });
}

function identity({ name, email, date }: Signature): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}

/** Shares the objects through `objects/info/alternates` and copies branches and tags: no object is read or copied. */
async function borrow(git: BareRepository, source: { readonly path: string; readonly base?: string }): Promise<string> {
  const hostPath = git.hostPath;
  const outside = (args: readonly string[], accept: readonly number[] = []) =>
    runGit({ args: ['-C', resolve(source.path), ...args], hostPath, accept });
  const questions = ['--is-shallow-repository', '--show-object-format', '--git-common-dir'];
  const answers = await outside(['rev-parse', ...questions], [128]).catch((cause: unknown) => {
    throw fault('E501', `${source.path} cannot be opened`, 'Name the folder of a local git repository.', cause);
  });
  if (answers.code !== 0) {
    throw fault('E501', `${source.path} is not a git repository`, 'Name a folder that holds one (git init makes one).');
  }
  const [shallow, format, commonDir = '.git'] = answers.stdout.toString('utf8').trimEnd().split('\n');
  if (shallow === 'true') {
    throw fault('E503', `${source.path} is a shallow clone`, 'Fetch the rest first: git fetch --unshallow');
  }
  if (format !== 'sha1') {
    throw fault('E501', `${source.path} uses ${format} object names`, 'GitHub takes SHA-1 repositories only.');
  }
  const objects = join(isAbsolute(commonDir) ? commonDir : resolve(source.path, commonDir), 'objects');
  await writeFile(join(git.dir, 'objects', 'info', 'alternates'), `${JSON.stringify(objects)}\n`);

  const refs = await outside(['for-each-ref', '--format=create %(refname) %(objectname)', 'refs/heads', 'refs/tags']);
  const head = (await outside(['symbolic-ref', '--quiet', '--short', 'HEAD'], [1])).stdout.toString('utf8').trim();
  const branch = source.base ?? head;
  await git.run(['update-ref', '--stdin'], { stdin: refs.stdout });
  if (await git.isEmpty()) {
    throw fault('E502', `${source.path} has no commit`, 'Commit something first: git commit');
  }
  if (branch === '' || !isRefName(branch) || (await git.branchHead(branch)) === undefined) {
    const seen = branch === '' ? 'HEAD is on no branch' : `there is no branch ${branch}`;
    throw fault('E505', `${seen} in ${source.path}`, 'Check a branch out, or name one as the base.');
  }
  await git.run(['symbolic-ref', 'HEAD', branchRef(branch)]);
  return branch;
}

function fault(code: ErrorDetails['code'], message: string, fix: string, cause?: unknown): EntropyError {
  return new EntropyError({ code, message, fix, ...(cause === undefined ? {} : { cause }) });
}
