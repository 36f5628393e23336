import type { Milestone } from '../state/issue-state.ts';
import type { Repository } from '../state/repository-state.ts';
import type { World } from '../world.ts';
import { repositoryApiUrl, repositoryWebUrl } from './repository.ts';
import { nodeId, renderUser } from './user.ts';

/** None of them is ever closed here. */
export function renderMilestone(world: World, repository: Repository, milestone: Milestone) {
  const url = `${repositoryApiUrl(world, repository)}/milestones/${milestone.number}`;
  const own = [...repository.issues.values()].filter((issue) => issue.milestone === milestone);
  const open = own.filter(({ state }) => state === 'open').length;
  return {
    url,
    html_url: `${repositoryWebUrl(world, repository)}/milestone/${milestone.number}`,
    labels_url: `${url}/labels`,
    id: milestone.id,
    node_id: nodeId('Milestone', milestone.id),
    number: milestone.number,
    title: milestone.title,
    description: null,
    creator: renderUser(world, milestone.creator),
    open_issues: open,
    closed_issues: own.length - open,
    state: 'open' as const,
    created_at: milestone.createdAt,
    updated_at: milestone.createdAt,
    due_on: null,
    closed_at: null,
  };
}
