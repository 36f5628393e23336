import { type GitPlace, tryGit } from './git-command.ts';

export interface ReadBaseFileRequest {
  readonly place: GitPlace;
  readonly sha: string;
  readonly path: string;
  readonly signal: AbortSignal;
}

/** A text file as it is in a commit; undefined when there is none, or when it is no regular file. */
export async function readBaseFile({ place, sha, path, signal }: ReadBaseFileRequest): Promise<string | undefined> {
  const entry = await tryGit({ args: ['ls-tree', sha, '--', path], place, signal });
  const isFile = entry.exitCode === 0 && /^100(?:644|755) blob /.test(entry.stdout.toString('utf8'));
  if (!isFile) return undefined;
  const content = await tryGit({ args: ['cat-file', 'blob', `${sha}:${path}`], place, signal });
  return content.exitCode === 0 ? content.stdout.toString('utf8') : undefined;
}
