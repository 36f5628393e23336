import { printQuery } from '../../domain/query/printer.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import {
  addDependency,
  changeTask,
  listDependencies,
  mirrorDependencies,
  mirrorTask,
  readTask,
  removeDependency,
  searchTasks,
} from '../../wire/endpoints/tasks.ts';
import { wireLimits } from '../../wire/limits.ts';
import type { CoordinatorApi } from './coordinator-api.ts';

/** Tasks at a coordinator. A query is asked at its clock: `now` and `staleAfterMs` of the context are its own. */
export function createCoordinatorTasks(api: CoordinatorApi): TaskStore {
  return {
    mirror: async (issue, actor) => (await api.call(mirrorTask, { body: { issue, actor } })).value.task,

    read: async (key) => {
      const result = await api.call(readTask, { params: { key } });
      return result.kind === 'answer' ? result.value.task : undefined;
    },

    change: async ({ key, actor, to, facts, lease }) => {
      const body = {
        actor,
        ...(to !== undefined && { to }),
        ...(facts !== undefined && { facts }),
        ...(lease !== undefined && { lease }),
      };
      return (await api.call(changeTask, { params: { key }, body })).value;
    },

    search: async (query, { me }, { offset, limit }) => {
      const page = { offset, limit: Math.min(limit, wireLimits.pageItems) };
      const q = printQuery(query);
      const asked = { ...page, ...(q !== '' && { q }), ...(me !== undefined && { me }) };
      return (await api.call(searchTasks, { query: asked })).value;
    },

    addDependency: async (dependency, actor) => {
      const params = { key: dependency.to };
      return (await api.call(addDependency, { params, body: { dependency, actor } })).value;
    },

    removeDependency: async (dependency, actor) => {
      const params = { key: dependency.to };
      return (await api.call(removeDependency, { params, query: { ...dependency, actor } })).value.kind;
    },

    mirrorDependencies: async (key, source, edges, actor) =>
      (await api.call(mirrorDependencies, { params: { key, source }, body: { edges, actor } })).value.cycles,

    dependencies: async (key) => (await api.call(listDependencies, { params: { key } })).value.dependencies,
  };
}
