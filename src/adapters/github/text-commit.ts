import { readCommit } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { objectIn, textIn } from './json-reader.ts';

const repository = '/repos/{owner}/{repo}';

export interface TextCommit {
  readonly fileName: string;
  readonly text: string;
  readonly message: string;
  readonly parents: readonly string[];
  /** What it is for, in the words of an error. */
  readonly purpose: string;
}

/** A commit whose only file is the text. Two requests; returns its id. */
export async function writeTextCommit(
  api: GitHubApi,
  { fileName, text, message, parents, purpose }: TextCommit,
): Promise<string> {
  const file = { path: fileName, mode: '100644', type: 'blob', content: text };
  const tree = await api.send({ route: `POST ${repository}/git/trees`, params: { tree: [file] }, purpose });
  const commit = await api.send({
    route: `POST ${repository}/git/commits`,
    params: { message, tree: textIn(objectIn(tree.data, 'tree'), 'sha'), parents },
    purpose,
  });
  return readCommit(commit.data).sha;
}

export interface WantedText {
  readonly commit: string;
  readonly fileName: string;
  readonly purpose: string;
  /** Bytes; what is larger is not fetched. */
  readonly maxBytes?: number;
}

/** The text of such a commit; undefined when it has no such file, or one that is too large. */
export async function readTextCommit(
  api: GitHubApi,
  { commit, fileName, purpose, maxBytes = Number.POSITIVE_INFINITY }: WantedText,
): Promise<string | undefined> {
  const listed = await api.send({
    route: `GET ${repository}/git/trees/{tree_sha}`,
    params: { tree_sha: commit },
    purpose,
  });
  const entries = objectIn(listed.data, 'tree')['tree'];
  const files: readonly unknown[] = Array.isArray(entries) ? entries : [];
  const file = files.map((entry) => objectIn(entry, 'entry')).find((entry) => entry['path'] === fileName);
  if (file?.['type'] !== 'blob' || Number(file['size'] ?? 0) > maxBytes) return undefined;
  const blob = await api.send({
    route: `GET ${repository}/git/blobs/{file_sha}`,
    params: { file_sha: textIn(file, 'sha') },
    purpose,
  });
  return Buffer.from(textIn(objectIn(blob.data, 'blob'), 'content'), 'base64').toString('utf8');
}
