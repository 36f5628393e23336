import { EntropyError } from '../../domain/error.ts';
import { type GitPlace, gitFault, gitLine, tryGit } from './git-command.ts';

export interface Taken {
  readonly treeSha: string;
  /** What git could not take in (a nested repository without a commit, an unreadable file), in its own words. */
  readonly problems: ReadonlySet<string>;
}

const timeoutMs = 180_000;

/**
 * The working files as a tree, with every ignore rule kept, by the index of `place`: files whose size and time the
 * index knows are not read again. Problems are returned, so that those that were there from the start can be excused.
 */
export async function takeIn(place: GitPlace, signal: AbortSignal): Promise<Taken> {
  const args = ['add', '--all', '--ignore-errors', '.'];
  const answer = await tryGit({ args, place, signal, timeoutMs });
  const problems = new Set(complaints(answer.stderr));
  const unexplained = answer.exitCode !== 0 && problems.size === 0;
  if (unexplained) throw gitFault({ args }, `ended with ${answer.exitCode}: ${answer.stderr.slice(0, 800)}`);
  return { treeSha: await gitLine({ args: ['write-tree'], place, signal }), problems };
}

function complaints(stderr: string): readonly string[] {
  return stderr
    .split('\n')
    .filter((line) => /^(?:error|fatal): /.test(line))
    .map((line) => line.replace(/^(?:error|fatal): /, '').trim())
    .filter((line) => line !== 'adding files failed' && !line.startsWith('unable to index file'));
}

/** Files that only the agent can have left behind and that git cannot take in: nothing may get lost unseen. */
export function refuseNewProblems(before: ReadonlySet<string>, after: ReadonlySet<string>): void {
  const fresh = [...after].filter((problem) => !before.has(problem));
  if (fresh.length === 0) return;
  throw new EntropyError({
    code: 'E600',
    message: `the change holds what git cannot take in: ${fresh.slice(0, 5).join('; ')}`,
    fix: 'a nested repository, an unreadable file or a name that git forbids was left in the workspace; the agent must not make these',
  });
}
