import { EntropyError } from '../../domain/error.ts';
import type { Forge, MergeResult } from '../../ports/forge.ts';
import { readPullRequest } from './answers.ts';
import type { GitHubApi } from './api.ts';
import { objectIn, textIn } from './json-reader.ts';
import type { OwnAuthor } from './own-author.ts';

type PullRequests = Pick<
  Forge,
  | 'openPullRequests'
  | 'openPullRequestsInto'
  | 'pullRequest'
  | 'createPullRequest'
  | 'updatePullRequest'
  | 'mergePullRequest'
>;

const onePull = '/repos/{owner}/{repo}/pulls/{pull_number}';

export function createPullRequests(api: GitHubApi, own: OwnAuthor): PullRequests {
  const openPullRequests: Forge['openPullRequests'] = async (headBranch) => {
    const entries = await api.list({
      route: 'GET /repos/{owner}/{repo}/pulls',
      // With the owner: a fork's branch of the same name is somebody else's.
      params: { state: 'open', head: `${api.repository.owner}:${headBranch}` },
      purpose: `list the pull requests of ${headBranch}`,
    });
    return entries.map(readPullRequest).filter((pull) => pull.headBranch === headBranch && pull.state === 'open');
  };

  return {
    openPullRequests,

    openPullRequestsInto: async (baseBranch) => {
      const entries = await api.list({
        route: 'GET /repos/{owner}/{repo}/pulls',
        params: { state: 'open', ...(baseBranch !== undefined && { base: baseBranch }) },
        purpose: `list the open pull requests${baseBranch === undefined ? '' : ` into ${baseBranch}`}`,
      });
      return entries.map(readPullRequest).filter(({ state }) => state === 'open');
    },

    pullRequest: async (number) => {
      const answer = await api.send({
        route: `GET ${onePull}`,
        params: { pull_number: number },
        purpose: `read pull request #${number}`,
        expected: [404],
      });
      return answer.status === 404 ? undefined : readPullRequest(answer.data);
    },

    // GitHub refuses a second open pull request of one head and base, so a repeated request makes no second one.
    createPullRequest: async ({ title, body, head, base, draft }) => {
      const send = (asDraft: boolean) =>
        api.send({
          route: 'POST /repos/{owner}/{repo}/pulls',
          params: { title, body, head, base, draft: asDraft },
          purpose: `open a pull request from ${head}`,
          expected: [422],
        });
      const made = (data: unknown) => {
        const pull = readPullRequest(data);
        own.learn(pull.author);
        return { kind: 'created', pull } as const;
      };
      const answer = await send(draft);
      if (answer.status === 201) return made(answer.data);
      const exists = (await openPullRequests(head)).some((pull) => pull.baseBranch === base);
      if (exists) return { kind: 'exists' };
      // Private repositories of free plans have no drafts: an open pull request is better than none.
      const noDrafts = draft && /draft pull requests are not supported/i.test(JSON.stringify(answer.data));
      if (noDrafts) {
        const ready = await send(false);
        if (ready.status === 201) return made(ready.data);
      }
      throw refusedPull(answer.data, head, base);
    },

    updatePullRequest: async (number, change) => {
      const answer = await api.send({
        route: `PATCH ${onePull}`,
        params: { pull_number: number, ...change },
        purpose: `edit pull request #${number}`,
      });
      return readPullRequest(answer.data);
    },

    mergePullRequest: async (number, { sha, method }) => {
      const answer = await api.send({
        route: `PUT ${onePull}/merge`,
        params: { pull_number: number, sha, merge_method: method },
        purpose: `merge pull request #${number}`,
        expected: [405, 409, 422],
      });
      const data = objectIn(answer.data, 'merge');
      if (answer.status === 200) return { kind: 'merged', sha: textIn(data, 'sha') };
      if (answer.status === 409) return { kind: 'head-moved' };
      return (await earlierMerge(api, number, sha)) ?? { kind: 'refused', reason: textIn(data, 'message') };
    },
  };
}

/** GitHub refuses to merge twice; when the first answer was lost, this is how the second one reads. */
async function earlierMerge(api: GitHubApi, number: number, head: string): Promise<MergeResult | undefined> {
  const answer = await api.send({
    route: `GET ${onePull}`,
    params: { pull_number: number },
    purpose: `read pull request #${number}`,
  });
  const { merged, headSha } = readPullRequest(answer.data);
  const sha = objectIn(answer.data, 'pull request')['merge_commit_sha'];
  return merged && headSha === head && typeof sha === 'string' ? { kind: 'merged', sha } : undefined;
}

function refusedPull(data: unknown, head: string, base: string): EntropyError {
  const said = JSON.stringify(data).slice(0, 300);
  const missingBase = /"field":\s*"base"/.test(said);
  return new EntropyError({
    code: missingBase ? 'E505' : 'E200',
    message: `cannot open a pull request from ${head} to ${base}: GitHub answered 422 ${said}`,
    fix: missingBase ? `push the branch ${base}, or choose another \`base-branch\`` : "read GitHub's answer",
  });
}
