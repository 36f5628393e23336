import { type Caller, mayTouchKey, prefixWithin, recordedActor, repositoriesOf } from '../../domain/access/caller.ts';
import type { RunRecord } from '../../domain/coordination/run-record.ts';
import type { Endpoint } from '../../wire/endpoint.ts';
import { changeRun, heartbeat, listAgents, listRuns, openRun, readRun, stopRun } from '../../wire/endpoints/runs.ts';
import { wireLimits } from '../../wire/limits.ts';
import type { AppParts } from '../app-options.ts';
import { forbidden } from '../problems.ts';
import { answer, missing, type Reply, type Route, refusal, route, touchesNothing } from '../route.ts';
import { tooWide } from '../too-wide.ts';

export function runRoutes({ coordination, clock }: AppParts): readonly Route[] {
  const { runs, claims } = coordination;

  /** A run of another repository is, for a caller who is limited, not there at all: ids are no secret. */
  const visible = async (id: string, caller: Caller): Promise<RunRecord | undefined> => {
    const run = await runs.read(id);
    return run !== undefined && mayTouchKey(caller, run.task) ? run : undefined;
  };

  /**
   * Whoever is limited opens the run of a claim that it holds, under the id that the claim names: so claims bound runs, and budgets
   * bound claims. One that is there already is only told.
   */
  const mayOpen = async (
    caller: Caller,
    { id, task, leaseId, fence }: Omit<RunRecord, 'version'>,
  ): Promise<boolean> => {
    if (repositoriesOf(caller) === undefined || (await runs.read(id)) !== undefined) return true;
    const claim = await claims.read(task);
    const isHeld = claim?.state === 'held' && claim.leaseId === leaseId && claim.fence === fence;
    return isHeld && claim.holder.runId === id;
  };

  return [
    route(
      openRun,
      ({ body }) => ({ keys: [body.run.task], names: [body.run.agent.id] }),
      async ({ body, caller }) => {
        if (startsWork(caller, body.run)) return notDispatcher;
        if (!(await mayOpen(caller, body.run))) return noClaim;
        const opened = await runs.open(body.run, recordedActor(caller, body.actor));
        return mayTouchKey(caller, opened.run.task) ? answer(opened) : idTaken;
      },
    ),
    route(
      listRuns,
      ({ query }) => ({ keys: query.task === undefined ? [] : [query.task] }),
      async ({ query, caller }) => {
        const { prefix, limit = wireLimits.pageItemsDefault, ...filter } = query;
        // A task that was named is its own limit.
        const within = prefixWithin(caller, prefix ?? query.task);
        if (within.kind === 'refused') return tooWide(within.choices);
        const taskPrefix = within.prefix === query.task ? undefined : within.prefix;
        const found = await runs.list({ ...filter, ...(taskPrefix !== undefined && { taskPrefix }), limit });
        return answer({ runs: found });
      },
    ),
    route(readRun, touchesNothing, async ({ params, caller }) => {
      const run = await visible(params.id, caller);
      return run === undefined ? missing : answer({ run });
    }),
    route(changeRun, touchesNothing, async ({ params, body, caller }) => {
      if (startsWork(caller, body.facts)) return notDispatcher;
      if ((await visible(params.id, caller)) === undefined) return missing;
      const changed = await runs.change(params.id, { ...body, actor: recordedActor(caller, body.actor) });
      return changed.kind === 'changed' ? answer(changed) : refusal(changed);
    }),
    route(
      heartbeat,
      ({ body }) => ({ keys: [body.lease.key] }),
      async ({ params, body, caller }) => {
        const before = await visible(params.id, caller);
        if (before === undefined) return missing;
        const isOwnLease = before.task === body.lease.key && before.leaseId === body.lease.leaseId;
        const { progress, spent } = body;
        const lease = isOwnLease ? await claims.renew(body.lease, body.ttlMs, progress !== undefined) : undefined;
        if (lease === undefined) return refusal({ kind: 'stale' } as const);
        const now = clock.now();
        const facts = {
          heartbeatAt: now,
          ...(progress && { progress, progressAt: now }),
          ...(spent && { spent }),
        };
        const changed = await runs.change(params.id, { facts, actor: before.agent.id });
        return changed.kind === 'changed' ? answer({ lease, run: changed.run }) : refusal(changed);
      },
    ),
    route(stopRun, touchesNothing, async ({ params, body, caller }) => {
      if ((await visible(params.id, caller)) === undefined) return missing;
      const { reason, by } = body;
      const asked = await runs.requestStop(params.id, { reason, by: recordedActor(caller, by) });
      return asked.kind === 'changed' ? answer(asked) : refusal(asked);
    }),
    route(listAgents, touchesNothing, async ({ query, caller }) => {
      if (repositoriesOf(caller) !== undefined) return acrossRepositories;
      const { since, limit = wireLimits.pageItemsDefault } = query;
      const agents = await runs.agents({ limit, ...(since !== undefined && { since }) });
      return answer({ agents });
    }),
  ];
}

const acrossRepositories = {
  kind: 'problem',
  problem: forbidden(
    'agents work across repositories, and this key is limited to some',
    'list the runs of a repository instead: GET /v1/runs?prefix=github/<owner>/<repo>/',
  ),
} as const;

/**
 * A run that says it was handed over is looked for on GitHub each minute and started again, with the requests that all repositories
 * share: whoever is limited to some cannot say so.
 */
function startsWork(caller: Caller, told: Pick<RunRecord, 'dispatched'> | undefined): boolean {
  return told?.dispatched !== undefined && repositoriesOf(caller) !== undefined;
}

const notDispatcher = {
  kind: 'problem',
  problem: forbidden('only the dispatcher notes when a run was started', 'leave `dispatched` out'),
} as const;

const noClaim: Reply<Endpoint> & Reply<typeof openRun> = {
  kind: 'problem',
  problem: {
    status: 409,
    code: 'E701',
    detail:
      'a job, and a key for some repositories, opens runs of claims that it holds only, each under the id that the claim names',
    fix: 'acquire the claim first, with the id of the run as `holder.runId`; then open the run with its lease',
  },
};

/** What is there belongs to somebody else and is not shown. */
const idTaken: Reply<Endpoint> & Reply<typeof openRun> = {
  kind: 'problem',
  problem: { status: 409, code: 'E733', detail: 'a run of another repository has this id', fix: 'choose a random id' },
};
