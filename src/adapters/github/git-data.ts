import type { Forge, ListedFile, TreeEntry } from '../../ports/forge.ts';
import { readCommit, readRef } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { readChangedPaths } from './changed-paths.ts';
import { integerIn, listIn, objectIn, textIn } from './json-reader.ts';
import { createRef, readRefHead, updateRef } from './refs.ts';

type GitData = Pick<
  Forge,
  | 'branchHead'
  | 'filesAt'
  | 'branchesWithPrefix'
  | 'commit'
  | 'changedPaths'
  | 'createBlob'
  | 'createTree'
  | 'createCommit'
  | 'createBranch'
  | 'updateBranch'
>;

/** Git objects through the API: what is written so is signed by GitHub and needs no credential for git. */
export function createGitData(api: GitHubApi): GitData {
  const repository = '/repos/{owner}/{repo}';
  return {
    branchHead: (branch) => readRefHead(api, `heads/${branch}`, `read branch ${branch}`),

    filesAt: async (sha) => {
      const answer = await api.send({
        route: `GET ${repository}/git/trees/{tree_sha}`,
        // Of a commit GitHub takes its tree. Any value asks for all folders at once.
        params: { tree_sha: sha, recursive: '1' },
        purpose: `list the files of ${sha}`,
      });
      const tree = objectIn(answer.data, 'tree');
      if (tree['truncated'] === true) return undefined;
      return new Map(listIn(tree, 'tree').flatMap(readListed));
    },

    branchesWithPrefix: async (prefix) => {
      const answer = await api.send({
        route: `GET ${repository}/git/matching-refs/{ref}`,
        params: { ref: `heads/${prefix}` },
        purpose: `list the branches ${prefix}*`,
      });
      const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [answer.data];
      const refs = entries.map(readRef);
      return refs.map(({ ref, sha }) => ({ name: ref.replace(/^refs\/heads\//, ''), sha }));
    },

    commit: async (sha) => {
      const answer = await api.send({
        route: `GET ${repository}/git/commits/{commit_sha}`,
        params: { commit_sha: sha },
        purpose: `read commit ${sha}`,
      });
      return readCommit(answer.data);
    },

    changedPaths: (sha) => readChangedPaths(api, sha),

    // Objects are named by what they hold: writing one twice leaves one. So all of these may be repeated.
    createBlob: async (bytes) => {
      const answer = await api.send({
        route: `POST ${repository}/git/blobs`,
        params: { content: Buffer.from(bytes).toString('base64'), encoding: 'base64' },
        purpose: 'write a file',
      });
      return textIn(objectIn(answer.data, 'blob'), 'sha');
    },

    createTree: async (baseTreeSha, entries) => {
      const answer = await api.send({
        route: `POST ${repository}/git/trees`,
        params: { base_tree: baseTreeSha, tree: entries.map(treeEntry) },
        purpose: 'write the changed files',
      });
      return textIn(objectIn(answer.data, 'tree'), 'sha');
    },

    createCommit: async ({ message, treeSha, parents }) => {
      const answer = await api.send({
        route: `POST ${repository}/git/commits`,
        params: { message, tree: treeSha, parents },
        purpose: 'write a commit',
      });
      return readCommit(answer.data);
    },

    createBranch: (branch, sha) => createRef(api, { ref: `heads/${branch}`, sha, purpose: `create branch ${branch}` }),
    updateBranch: (branch, sha) => updateRef(api, { ref: `heads/${branch}`, sha, purpose: `move branch ${branch}` }),
  };
}

/** Folders are left out: what is in them is listed as well. */
function readListed(entry: unknown): readonly (readonly [string, ListedFile])[] {
  const item = objectIn(entry, 'entry');
  const type = textIn(item, 'type');
  if (type === 'tree') return [];
  const kind = type === 'commit' ? 'submodule' : 'file';
  const sizeBytes = kind === 'submodule' ? 0 : integerIn(item, 'size');
  return [[textIn(item, 'path'), { sha: textIn(item, 'sha'), kind, sizeBytes }]];
}

function treeEntry(entry: TreeEntry): Readonly<Record<string, unknown>> {
  switch (entry.kind) {
    case 'text':
      return { path: entry.path, mode: entry.mode, type: 'blob', content: entry.content };
    case 'blob':
      return { path: entry.path, mode: entry.mode, type: 'blob', sha: entry.sha };
    case 'delete':
      return { path: entry.path, mode: '100644', type: 'blob', sha: null };
    default:
      return entry satisfies never;
  }
}
