import { recordedActor } from '../../domain/access/caller.ts';
import { taskKeyOf } from '../../domain/coordination/task-key.ts';
import { nextTask as findNext } from '../../flows/next-task.ts';
import { changeTask, mirrorTask, nextTask, readTask, searchTasks } from '../../wire/endpoints/tasks.ts';
import { wireLimits } from '../../wire/limits.ts';
import type { AppParts } from '../app-options.ts';
import { humanClaimProblem } from '../human-claim.ts';
import { readTaskQuery } from '../parse-task-query.ts';
import { answer, missing, type Route, refusal, route, touchesNothing } from '../route.ts';

export function taskRoutes({ coordination, clock, github }: AppParts): readonly Route[] {
  const { tasks, runs, claims, budgets } = coordination;
  return [
    route(
      mirrorTask,
      ({ body }) => ({ keys: [taskKeyOf(body.issue)] }),
      async ({ body, caller }) => answer({ task: await tasks.mirror(body.issue, recordedActor(caller, body.actor)) }),
    ),
    route(searchTasks, touchesNothing, async ({ query, caller }) => {
      const asked = readTaskQuery(query, caller, clock);
      if (asked.kind === 'problem') return asked;
      const page = { offset: query.offset ?? 0, limit: query.limit ?? wireLimits.pageItemsDefault };
      const found = await tasks.search(asked.query, asked.context, page);
      return answer({ tasks: found.tasks, total: found.total });
    }),
    route(
      nextTask,
      // Which tasks come into question is limited by the query.
      ({ body }) => ({ names: [body.agent.id] }),
      async ({ body, caller, signal }) => {
        const problem = humanClaimProblem(caller, body.kind);
        if (problem !== undefined) return { kind: 'problem', problem };
        const asked = readTaskQuery(body, caller, clock);
        if (asked.kind === 'problem') return asked;
        const { q: _q, me: _me, ...request } = body;
        const next = await findNext(
          { tasks, runs, claims, budgets, clock, holderIsDead: github?.holderIsDead ?? (async () => false) },
          { ...request, query: asked.query, context: asked.context },
          signal,
        );
        return next.kind === 'claimed' || next.kind === 'none' ? answer(next) : refusal(next);
      },
    ),
    route(
      readTask,
      ({ params }) => ({ keys: [params.key] }),
      async ({ params }) => {
        const task = await tasks.read(params.key);
        return task === undefined ? missing : answer({ task });
      },
    ),
    route(
      changeTask,
      ({ params, body }) => ({ keys: body.lease === undefined ? [params.key] : [params.key, body.lease.key] }),
      async ({ params, body, caller }) => {
        const changed = await tasks.change({ ...body, key: params.key, actor: recordedActor(caller, body.actor) });
        return changed.kind === 'changed' ? answer(changed) : refusal(changed);
      },
    ),
  ];
}
