import { listAnswer } from '../http/pagination.ts';
import { validationFailed } from '../http/problem.ts';
import { created, queryChoice, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { accountOf, readers, writers } from '../identity/access.ts';
import { renderMilestone } from '../render/milestone.ts';
import type { Milestone } from '../state/issue-state.ts';
import { timestamp } from '../state/timestamp.ts';

const path = '/repos/{owner}/{repo}/milestones';

export const milestoneRoutes: readonly Route[] = [
  repositoryRoute(`GET ${path}`, readers('issues', 'pull_requests'), (call) => {
    const isAsked = queryChoice(call, 'state', ['open', 'closed', 'all'], 'open') !== 'closed';
    const { world, repository } = call;
    const found = isAsked ? repository.milestones : [];
    return listAnswer(call, found, (milestone) => renderMilestone(world, repository, milestone));
  }),
  repositoryRoute(`POST ${path}`, writers('write', 'issues', 'pull_requests'), (call) => {
    const { world, repository, body, actor } = call;
    const title = body.string('title');
    const problem = title.trim() === '' ? 'missing_field' : undefined;
    const isThere = repository.milestones.some((each) => each.title === title);
    if (problem !== undefined || isThere) {
      throw validationFailed({ resource: 'Milestone', field: 'title', code: problem ?? 'already_exists' });
    }
    const number = repository.milestones.length + 1;
    const createdAt = timestamp(world.clock);
    const milestone: Milestone = { id: world.store.id(), number, title, createdAt, creator: accountOf(actor) };
    repository.milestones.push(milestone);
    const rendered = renderMilestone(world, repository, milestone);
    return created(rendered, rendered.url);
  }),
];

/** The one that a request names by number; null takes it off; undefined: it says nothing of it. */
export function milestoneIn({ body, repository }: RepositoryCall): Milestone | null | undefined {
  if (!body.has('milestone')) return undefined;
  if (body.raw('milestone') === null) return null;
  const number = body.optionalInteger('milestone');
  const found = repository.milestones.find((each) => each.number === number);
  if (found === undefined) throw validationFailed({ resource: 'Issue', field: 'milestone', code: 'invalid' });
  return found;
}
