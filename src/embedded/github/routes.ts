import type { Route } from './http/route.ts';
import { appHookRoutes } from './routes/app-hook.ts';
import { appManifestRoutes } from './routes/app-manifests.ts';
import { appRoutes } from './routes/apps.ts';
import { branchRoutes } from './routes/branches.ts';
import { checkRoutes } from './routes/checks.ts';
import { contentRoutes } from './routes/contents.ts';
import { dispatchRoutes } from './routes/dispatches.ts';
import { gitObjectRoutes } from './routes/git-objects.ts';
import { gitRefRoutes } from './routes/git-refs.ts';
import { gitTagRoutes } from './routes/git-tags.ts';
import { graphqlRoutes } from './routes/graphql.ts';
import { historyRoutes } from './routes/history.ts';
import { hookRoutes } from './routes/hooks.ts';
import { issueCommentRoutes } from './routes/issue-comments.ts';
import { issueLinkRoutes } from './routes/issue-links.ts';
import { issueRoutes } from './routes/issues.ts';
import { labelRoutes } from './routes/labels.ts';
import { milestoneRoutes } from './routes/milestones.ts';
import { mergeRoutes } from './routes/pull-merge.ts';
import { pullReviewRoutes } from './routes/pull-reviews.ts';
import { pullRoutes } from './routes/pulls.ts';
import { reactionRoutes } from './routes/reactions.ts';
import { repositoryRoutes } from './routes/repositories.ts';
import { requestedReviewerRoutes } from './routes/requested-reviewers.ts';
import { reviewCommentRoutes } from './routes/review-comments.ts';
import { searchRoutes } from './routes/search.ts';
import { teamRoutes } from './routes/teams.ts';
import { userRoutes } from './routes/users.ts';
import { workflowRunRoutes } from './routes/workflow-runs.ts';

/** Everything that the embedded GitHub serves, by the names of GitHub's own OpenAPI. */
export const allRoutes: readonly Route[] = [
  ...userRoutes,
  ...teamRoutes,
  ...repositoryRoutes,
  ...branchRoutes,
  ...contentRoutes,
  ...historyRoutes,
  ...gitRefRoutes,
  ...gitObjectRoutes,
  ...gitTagRoutes,
  ...issueRoutes,
  ...issueCommentRoutes,
  ...labelRoutes,
  ...milestoneRoutes,
  ...reactionRoutes,
  ...pullRoutes,
  ...mergeRoutes,
  ...pullReviewRoutes,
  ...reviewCommentRoutes,
  ...requestedReviewerRoutes,
  ...issueLinkRoutes,
  ...searchRoutes,
  ...checkRoutes,
  ...workflowRunRoutes,
  ...dispatchRoutes,
  ...appRoutes,
  ...appHookRoutes,
  ...appManifestRoutes,
  ...hookRoutes,
  ...graphqlRoutes,
];

/** `GET /repos/{owner}/{repo}` and so on, sorted. */
export const servedOperations: readonly string[] = allRoutes.map((route) => route.operation).sort();
