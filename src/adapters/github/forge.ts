import type { Forge } from '../../ports/forge.ts';
import type { GitHubApi } from './api.ts';
import { createComments } from './comments.ts';
import { createGitData } from './git-data.ts';
import { createOwnAuthor } from './own-author.ts';
import { createPullRequests } from './pull-requests.ts';
import { createRepositoryFacts } from './repository-facts.ts';
import { createWorkflowRuns } from './workflow-runs.ts';

/** One repository on GitHub or GitHub Enterprise Server. Shares its client with the claim store: one pace, one count. */
export function createGitHubForge(api: GitHubApi): Forge {
  const own = createOwnAuthor(api);
  return {
    repository: api.repository,
    ...createRepositoryFacts(api),
    ...createComments(api, own),
    ...createGitData(api),
    ...createPullRequests(api, own),
    isOwnAuthor: own.isOwnAuthor,
    ...createWorkflowRuns(api),
    requestCounts: () => api.requestCounts(),
  };
}
