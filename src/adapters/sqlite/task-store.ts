import { mirroredEdges } from '../../domain/coordination/dependency-graph.ts';
import { decideMirror, decideTaskChange } from '../../domain/coordination/task-decisions.ts';
import { taskKeyOf } from '../../domain/coordination/task-key.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { readClaim } from './claim-rows.ts';
import type { Database } from './database.ts';
import { deleteDependency, readDependencies, writeDependency } from './dependency-rows.ts';
import { searchTaskKeys } from './search-tasks.ts';
import { readTask } from './task-rows.ts';
import { readTaskView } from './task-views.ts';
import { writeTaskChanges } from './write-task-changes.ts';

/** Tasks, their dependencies and how many open ones each waits for, changed together with the stream of events. */
export function createSqliteTaskStore(database: Database): TaskStore {
  const { clock } = database;
  return {
    mirror: (issue, actor) =>
      database.write((db) => {
        const before = readTask(db, taskKeyOf(issue));
        const { changes, task } = decideMirror(before, issue);
        writeTaskChanges({ db, clock, actor }, changes, before);
        return task;
      }),

    read: async (key) => database.read((db) => readTaskView(db, key)),

    change: ({ key, actor, ...request }) =>
      database.write((db) => {
        const before = readTask(db, key);
        const claim = request.lease && readClaim(db, key);
        const decision = decideTaskChange(before, request, claim);
        if (decision.kind !== 'changed') return decision;
        writeTaskChanges({ db, clock, actor }, decision.changes, before);
        return { kind: 'changed', task: decision.task };
      }),

    search: async (query, context, page) =>
      database.read((db) => {
        const { keys, total } = searchTaskKeys(db, { query, context, ...page });
        return { tasks: keys.flatMap((key) => readTaskView(db, key) ?? []), total };
      }),

    addDependency: (dependency, actor) => database.write((db) => writeDependency({ db, clock, actor }, dependency)),

    removeDependency: (dependency, actor) => database.write((db) => deleteDependency({ db, clock, actor }, dependency)),

    mirrorDependencies: (task, source, told, actor) =>
      database.write((db) => {
        const { gone, wanted } = mirroredEdges(task, source, { stored: readDependencies(db, task), told });
        const writer = { db, clock, actor };
        for (const dependency of gone) deleteDependency(writer, dependency);
        return wanted.flatMap((dependency) => {
          const added = writeDependency(writer, dependency);
          return added.kind === 'cycle' ? [{ dependency, path: added.path }] : [];
        });
      }),

    dependencies: async (task) => database.read((db) => readDependencies(db, task)),
  };
}
