import type { HeldChanges } from '../../ports/held-changes.ts';
import { readCommit, readRef } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { objectIn, textIn } from './json-reader.ts';
import { createRef, readRefHead } from './refs.ts';

const place = 'agents/held';
const fileName = 'held.json';
const repository = '/repos/{owner}/{repo}';

/**
 * `refs/agents/held/<issue>` → a commit whose only file is the text, and whose only parent is the change, so that GitHub keeps
 * both. Not a branch: nothing is built, listed or offered for merging.
 */
export function createHeldChanges(api: GitHubApi): HeldChanges {
  const refOf = (issue: number): string => `${place}/${issue}`;
  return {
    read: async (issue) => {
      const purpose = `read what is held for issue #${issue}`;
      const id = await readRefHead(api, refOf(issue), purpose);
      const text = id === undefined ? undefined : await readText(api, id, purpose);
      return id === undefined || text === undefined ? undefined : { id, text };
    },

    write: async (issue, { change, text }) => {
      const purpose = `hold a change for issue #${issue}`;
      const id = await writeCommit(api, { change, text, purpose });
      const made = await createRef(api, { ref: refOf(issue), sha: id, purpose });
      if (made === 'exists') await replaceRef(api, { ref: refOf(issue), sha: id, purpose });
      return { id, text };
    },

    remove: async (issue) => {
      await api.send({
        route: `DELETE ${repository}/git/refs/{ref}`,
        params: { ref: refOf(issue) },
        purpose: `give up what is held for issue #${issue}`,
        // It is gone already: 422 on GitHub, 404 on older servers.
        expected: [404, 422],
      });
    },

    issues: async () => {
      const answer = await api.send({
        route: `GET ${repository}/git/matching-refs/{ref}`,
        params: { ref: `${place}/` },
        purpose: 'list what is held',
      });
      const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [answer.data];
      return entries.flatMap((entry) => {
        const number = /^refs\/agents\/held\/([1-9][0-9]{0,9})$/.exec(readRef(entry).ref)?.[1];
        return number === undefined ? [] : [Number(number)];
      });
    },
  };
}

async function readText(api: GitHubApi, id: string, purpose: string): Promise<string | undefined> {
  const listed = await api.send({ route: `GET ${repository}/git/trees/{tree_sha}`, params: { tree_sha: id }, purpose });
  const entries = objectIn(listed.data, 'tree')['tree'];
  const files: readonly unknown[] = Array.isArray(entries) ? entries : [];
  const file = files.map((entry) => objectIn(entry, 'entry')).find((entry) => entry['path'] === fileName);
  if (file?.['type'] !== 'blob') return undefined;
  const blob = await api.send({
    route: `GET ${repository}/git/blobs/{file_sha}`,
    params: { file_sha: textIn(file, 'sha') },
    purpose,
  });
  return Buffer.from(textIn(objectIn(blob.data, 'blob'), 'content'), 'base64').toString('utf8');
}

interface WrittenCommit {
  readonly change: string;
  readonly text: string;
  readonly purpose: string;
}

async function writeCommit(api: GitHubApi, { change, text, purpose }: WrittenCommit): Promise<string> {
  const file = { path: fileName, mode: '100644', type: 'blob', content: text };
  const tree = await api.send({ route: `POST ${repository}/git/trees`, params: { tree: [file] }, purpose });
  const commit = await api.send({
    route: `POST ${repository}/git/commits`,
    params: { message: 'Held for approval', tree: textIn(objectIn(tree.data, 'tree'), 'sha'), parents: [change] },
    purpose,
  });
  return readCommit(commit.data).sha;
}

/** What was held before is on no way to this one, so the ref is moved whatever it points to. */
async function replaceRef(
  api: GitHubApi,
  { ref, sha, purpose }: { readonly ref: string; readonly sha: string; readonly purpose: string },
): Promise<void> {
  await api.send({
    route: `PATCH ${repository}/git/refs/{ref}`,
    params: { ref, sha, force: true },
    purpose,
  });
}
