import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fetchCommit } from './fetch-commit.ts';
import { type GitPlace, git } from './git-command.ts';

export interface CheckOutOptions {
  /** A repository on this machine, or one on a server with the token to read it. */
  readonly from:
    | { readonly kind: 'path'; readonly gitDir: string }
    | { readonly kind: 'server'; readonly url: string; readonly token: string };
  readonly sha: string;
  /** A new folder; becomes a working copy with a `.git` of its own. */
  readonly folder: string;
  /** PATH in which git is found. */
  readonly searchPath: string;
  readonly signal: AbortSignal;
}

/** A working copy of one commit, without its history: what actions/checkout leaves on a runner. */
export async function checkOut({ from, sha, folder, searchPath, signal }: CheckOutOptions): Promise<void> {
  await mkdir(folder, { recursive: true });
  const place: GitPlace = { gitDir: path.join(folder, '.git'), workTree: folder, path: searchPath };
  await mkdir(place.gitDir, { recursive: true });
  await git({ args: ['init', '--quiet', '--template=', '--initial-branch=main'], place, signal });
  await addCommit({ from, sha, folder, searchPath, signal });
  await git({ args: ['checkout', '--quiet', '--detach', sha], place, signal });
}

/** Another commit's files beside those that are there, not checked out: what a merge needs. */
export async function addCommit({ from, sha, folder, searchPath, signal }: CheckOutOptions): Promise<void> {
  const bare: GitPlace = { gitDir: path.join(folder, '.git'), path: searchPath };
  if (from.kind === 'server') {
    await fetchCommit({ place: bare, url: from.url, token: from.token, sha, signal });
  } else {
    const args = ['-c', 'protocol.file.allow=always', 'fetch', '--quiet', '--no-tags', '--depth=1'];
    // A commit of the person's own repository, named by its id: any may be asked for.
    const config = { 'uploadpack.allowAnySHA1InWant': 'true' };
    const upload = `--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack`;
    await git({ args: [...args, upload, from.gitDir, sha], place: bare, config, signal });
  }
}
