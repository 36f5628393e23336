import type { CommitObject, Signature } from '../git/commit-object.ts';
import type { FileChange } from '../git/diff.ts';
import type { Repository } from '../state/repository-state.ts';
import type { World } from '../world.ts';
import { repositoryApiUrl, repositoryWebUrl } from './repository.ts';
import { nodeId, renderNullableUser } from './user.ts';

/** Nothing is signed here; GitHub signs what its API writes, and saying so would be a lie. */
export const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

export function renderSignature({ name, email, date }: Signature) {
  return { name, email, date };
}

/** OpenAPI `git-commit`: the object as it is. */
export function renderGitCommit(world: World, repository: Repository, commit: CommitObject) {
  const api = repositoryApiUrl(world, repository);
  const html = repositoryWebUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: gitNodeId('Commit', repository, commit.sha),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    author: renderSignature(commit.author),
    committer: renderSignature(commit.committer),
    tree: { url: `${api}/git/trees/${commit.tree}`, sha: commit.tree },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      url: `${api}/git/commits/${sha}`,
      sha,
      html_url: `${html}/commit/${sha}`,
    })),
    verification: unsigned,
  };
}

/** OpenAPI `commit`: the object and the accounts behind it. */
export function renderCommit(world: World, repository: Repository, commit: CommitObject) {
  const api = repositoryApiUrl(world, repository);
  const html = repositoryWebUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: gitNodeId('Commit', repository, commit.sha),
    commit: {
      author: renderSignature(commit.author),
      committer: renderSignature(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: unsigned,
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: renderNullableUser(world, world.store.accounts.findByEmail(commit.author.email)),
    committer: renderNullableUser(world, world.store.accounts.findByEmail(commit.committer.email)),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
  };
}

/** OpenAPI `diff-entry`. */
export function renderFileChange(world: World, place: { repository: Repository; ref: string }, change: FileChange) {
  const api = repositoryApiUrl(world, place.repository);
  const html = repositoryWebUrl(world, place.repository);
  const path = encodePath(change.path);
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${html}/blob/${place.ref}/${path}`,
    raw_url: `${html}/raw/${place.ref}/${path}`,
    contents_url: `${api}/contents/${path}?ref=${place.ref}`,
    ...(change.patch === undefined ? {} : { patch: change.patch }),
    ...(change.previousPath === undefined ? {} : { previous_filename: change.previousPath }),
  };
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

export function gitNodeId(kind: string, repository: Repository, sha: string): string {
  return `${nodeId(kind, repository.id)}${Buffer.from(sha).toString('base64url')}`;
}

/** OpenAPI `simple-commit`. */
export function renderSimpleCommit(commit: CommitObject) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}
