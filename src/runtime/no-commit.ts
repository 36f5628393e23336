import { EntropyError } from '../domain/error.ts';

/** E502: a local repository in which there is nothing yet that an agent could start from. */
export function noCommit(repository: string): EntropyError {
  return new EntropyError({
    code: 'E502',
    message: `the repository ${repository} has no commit`,
    fix: 'commit something first: git add -A && git commit',
  });
}
