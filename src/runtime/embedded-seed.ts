import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { inspectRepository } from '../adapters/git/inspect-repository.ts';
import type { IssueText } from '../domain/embedded-run.ts';
import { EntropyError } from '../domain/error.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { RepositorySource } from '../embedded/github/git/create-repository.ts';
import { noCommit } from './no-commit.ts';

/** What the embedded GitHub holds at the start, and which issue is opened in it when nobody names one. */
export interface Seed {
  readonly isSample: boolean;
  readonly repository: RepositoryRef;
  readonly source: RepositorySource;
  readonly issue: () => Promise<IssueText>;
}

const owner = 'octo';

export function seedOf(repository: string | undefined, packageRoot: string): Seed {
  const issue = () => readSampleIssue(join(packageRoot, 'examples', 'slug-issue.md'));
  if (repository === undefined) {
    const path = join(packageRoot, 'examples', 'slug');
    return { isSample: true, repository: { owner, name: 'slug' }, source: { kind: 'folder', path }, issue };
  }
  const name =
    basename(repository)
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[-.]+/, '')
      .slice(0, 100) || 'repository';
  return { isSample: false, repository: { owner, name }, source: { kind: 'git', path: repository }, issue };
}

/**
 * A local repository is taken as its last commit is: changes that are not committed would silently be missing, a shallow
 * clone has no history to serve. E501 to E504.
 */
export async function checkRepository(path: string, hostPath: string, signal: AbortSignal): Promise<void> {
  const state = await inspectRepository({ path, tempDir: tmpdir(), searchPath: hostPath, signal });
  if (state.empty) throw noCommit(path);
  if (state.shallow) {
    throw new EntropyError({
      code: 'E503',
      message: `the repository ${path} is a shallow clone`,
      fix: 'fetch the rest of its history: git fetch --unshallow',
    });
  }
  if (state.dirty.length > 0) {
    const more = state.dirty.length > 5 ? ' …' : '';
    throw new EntropyError({
      code: 'E504',
      message: `the repository ${path} has changes that are not committed: ${state.dirty.slice(0, 5).join(', ')}${more}`,
      fix: 'commit them or put them aside (git stash -u); the agent works on the last commit',
    });
  }
}

/** The issue that comes with the sample: first line the title, the rest its text. */
async function readSampleIssue(path: string): Promise<IssueText> {
  const [first = '', ...rest] = (await readFile(path, 'utf8')).split('\n');
  return { title: first.replace(/^#\s*/, ''), body: rest.join('\n').trim() };
}
