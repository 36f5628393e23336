import type { HeldChanges } from '../../ports/held-changes.ts';
import { readRef } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { createRef, readRefHead } from './refs.ts';
import { readTextCommit, writeTextCommit } from './text-commit.ts';

const repository = '/repos/{owner}/{repo}';

interface HiddenPlace {
  /** `agents/held`: below `refs/`, one ref an issue. */
  readonly place: string;
  readonly fileName: string;
  readonly message: string;
  /** In the words of an error: `is held`. */
  readonly what: string;
}

/**
 * `refs/agents/held/<issue>` → a commit whose only file is the text, and whose only parent is the change, so that GitHub keeps
 * both. Not a branch: nothing is built, listed or offered for merging.
 */
export function createHeldChanges(api: GitHubApi): HeldChanges {
  const message = 'Held for approval';
  return createHidden(api, { place: 'agents/held', fileName: 'held.json', message, what: 'is held' });
}

/** `refs/agents/wip/<issue>`: the same for what a run left that ended without a hand-over. */
export function createUnfinishedChanges(api: GitHubApi): HeldChanges {
  const message = 'Work in progress';
  return createHidden(api, { place: 'agents/wip', fileName: 'work.json', message, what: 'an earlier run left' });
}

function createHidden(api: GitHubApi, { place, fileName, message, what }: HiddenPlace): HeldChanges {
  const refOf = (issue: number): string => `${place}/${issue}`;
  return {
    read: async (issue) => {
      const purpose = `read what ${what} for issue #${issue}`;
      const id = await readRefHead(api, refOf(issue), purpose);
      const text = id === undefined ? undefined : await readTextCommit(api, { commit: id, fileName, purpose });
      return id === undefined || text === undefined ? undefined : { id, text };
    },

    write: async (issue, { change, text }) => {
      const purpose = `keep what ${what} for issue #${issue}`;
      const id = await writeTextCommit(api, { fileName, text, message, parents: [change], purpose });
      const made = await createRef(api, { ref: refOf(issue), sha: id, purpose });
      if (made === 'exists') await replaceRef(api, { ref: refOf(issue), sha: id, purpose });
      return { id, text };
    },

    remove: async (issue) => {
      await api.send({
        route: `DELETE ${repository}/git/refs/{ref}`,
        params: { ref: refOf(issue) },
        purpose: `give up what ${what} for issue #${issue}`,
        // It is gone already: 422 on GitHub, 404 on older servers.
        expected: [404, 422],
      });
    },

    issues: async () => {
      const answer = await api.send({
        route: `GET ${repository}/git/matching-refs/{ref}`,
        params: { ref: `${place}/` },
        purpose: `list what ${what}`,
      });
      const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [answer.data];
      return entries.flatMap((entry) => {
        const { ref } = readRef(entry);
        const number = ref.startsWith(`refs/${place}/`) ? ref.slice(`refs/${place}/`.length) : '';
        return /^[1-9][0-9]{0,9}$/.test(number) ? [Number(number)] : [];
      });
    },
  };
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
