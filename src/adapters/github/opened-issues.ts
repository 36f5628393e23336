import type { Forge } from '../../ports/forge.ts';
import { readIssue } from './answers.ts';
import type { GitHubApi } from './api.ts';
import type { OwnAuthor } from './own-author.ts';

/** Issues that we open ourselves, found again by their label, and what else is open. */
export function createOpenedIssues(
  api: GitHubApi,
  own: OwnAuthor,
): Pick<Forge, 'openIssues' | 'newestIssues' | 'createIssue'> {
  return {
    openIssues: async (label) => {
      const entries = await api.list({
        route: 'GET /repos/{owner}/{repo}/issues',
        params: { state: 'open', labels: label, sort: 'created', direction: 'asc' },
        purpose: `list the open issues with the label ${label}`,
      });
      return entries.map(readIssue).filter(({ isPullRequest }) => !isPullRequest);
    },

    newestIssues: async () => {
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/issues',
        params: { state: 'open', sort: 'updated', direction: 'desc', per_page: 100 },
        purpose: 'list the open issues',
      });
      const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [];
      return entries.map(readIssue).filter(({ isPullRequest }) => !isPullRequest);
    },

    // A lost answer makes a second one: whoever asks looks for both afterwards, and the older one counts.
    createIssue: async ({ title, body, labels }) => {
      const answer = await api.send({
        route: 'POST /repos/{owner}/{repo}/issues',
        params: { title, body, labels: [...labels] },
        purpose: 'open an issue',
        onlyOnce: true,
      });
      const issue = readIssue(answer.data);
      own.learn(issue.author);
      return issue;
    },
  };
}
