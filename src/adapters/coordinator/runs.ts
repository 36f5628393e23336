import type { RunStore } from '../../ports/run-store.ts';
import { changeRun, listAgents, listRuns, openRun, readRun, stopRun } from '../../wire/endpoints/runs.ts';
import { wireLimits } from '../../wire/limits.ts';
import type { CoordinatorApi } from './coordinator-api.ts';

/** Runs and agents at a coordinator. */
export function createCoordinatorRuns(api: CoordinatorApi): RunStore {
  return {
    open: async (run, actor) => (await api.call(openRun, { body: { run, actor } })).value,

    read: async (id) => {
      const result = await api.call(readRun, { params: { id } });
      return result.kind === 'answer' ? result.value.run : undefined;
    },

    change: async (id, { from, to, facts, actor }) => {
      const body = {
        actor,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(facts !== undefined && { facts }),
      };
      return (await api.call(changeRun, { params: { id }, body })).value;
    },

    requestStop: async (id, body) => (await api.call(stopRun, { params: { id }, body })).value,

    list: async ({ task, agent, states, since, before, taskPrefix, limit }) => {
      const query = {
        ...(task !== undefined && { task }),
        ...(agent !== undefined && { agent }),
        ...(states !== undefined && { states }),
        ...(since !== undefined && { since }),
        ...(before !== undefined && { before }),
        ...(taskPrefix !== undefined && { prefix: taskPrefix }),
        limit: Math.min(limit, wireLimits.pageItems),
      };
      return (await api.call(listRuns, { query })).value.runs;
    },

    agents: async ({ since, limit }) => {
      const query = { ...(since !== undefined && { since }), limit: Math.min(limit, wireLimits.pageItems) };
      return (await api.call(listAgents, { query })).value.agents;
    },
  };
}
