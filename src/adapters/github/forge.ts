import type { Forge } from '../../ports/forge.ts';
import type { GitHubApi } from './api.ts';
import { askToMerge, takeBackMerge } from './auto-merge.ts';
import { createComments } from './comments.ts';
import { compareCommits, readMergeBase } from './compare-commits.ts';
import { createForgeChecks } from './forge-checks.ts';
import { createForgeLabels } from './forge-labels.ts';
import { createForgeMetadata } from './forge-metadata.ts';
import { createForgeReviews } from './forge-reviews.ts';
import { createGitData } from './git-data.ts';
import { createHeldChanges, createUnfinishedChanges } from './held-changes.ts';
import { createOpenedIssues } from './opened-issues.ts';
import { createOwnAuthor } from './own-author.ts';
import { createPullRequests } from './pull-requests.ts';
import { createRepositoryFacts } from './repository-facts.ts';
import { createTeamRecords } from './team-records.ts';
import { createWorkflowRuns } from './workflow-runs.ts';

/** One repository on GitHub or GitHub Enterprise Server. Shares its client with the claim store: one pace, one count. `author`: whose token it is, where that is known. */
export function createGitHubForge(api: GitHubApi, author?: () => Promise<string>): Forge {
  const own = createOwnAuthor(api, author);
  return {
    repository: api.repository,
    ...createRepositoryFacts(api),
    ...createComments(api, own),
    ...createOpenedIssues(api, own),
    ...createGitData(api),
    compare: (base, head) => compareCommits(api, base, head),
    mergeBase: (base, head) => readMergeBase(api, base, head),
    held: createHeldChanges(api),
    unfinished: createUnfinishedChanges(api),
    reviews: createForgeReviews(api, own),
    checks: createForgeChecks(api),
    labels: createForgeLabels(api),
    metadata: createForgeMetadata(api),
    team: createTeamRecords(api),
    ...createPullRequests(api, own),
    askToMerge: (number, sha) => askToMerge(api, number, sha),
    takeBackMerge: (number) => takeBackMerge(api, number),
    isOwnAuthor: own.isOwnAuthor,
    ...createWorkflowRuns(api),
    requestCounts: () => api.requestCounts(),
  };
}
