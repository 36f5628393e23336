import type { Dependency } from '../../domain/coordination/dependency.ts';
import { mirroredEdges, tellerOf } from '../../domain/coordination/dependency-graph.ts';
import { decideMirror, decideTaskChange } from '../../domain/coordination/task-decisions.ts';
import { taskKeyOf } from '../../domain/coordination/task-key.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { toAttributes } from './attribute-values.ts';
import { changeEdges, type EdgeStep } from './change-edges.ts';
import { unchanged } from './commit-claim.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { readEdges } from './edges-item.ts';
import { edgesKey, ownerKey } from './item-keys.ts';
import { listedOwners } from './ready-tasks.ts';
import { searchTasks } from './search-tasks.ts';
import { ownerOf } from './task-item.ts';
import { readTaskViews } from './task-views.ts';
import { writeTask } from './write-task.ts';

/** Tasks and what they wait for. What can be worked on is found through an index; whether it can is looked up. */
export function createDynamoTaskStore(table: DynamoTable, clock: Clock): TaskStore {
  const knownOwners = new Set<string>();
  /** Once in a process: a search that names no owner goes through the tasks of each. */
  const knowOwner = async (owner: string): Promise<void> => {
    if (knownOwners.has(owner)) return;
    const item = { ...ownerKey(owner), listed: listedOwners, key: owner };
    await table.put({ Item: toAttributes(item), ...unchanged(undefined) });
    knownOwners.add(owner);
  };
  const dependencies = async (task: string) => readEdges(task, await table.get(edgesKey(task))).edges;
  const changeOne = (step: EdgeStep, actor: string) =>
    changeEdges(table, clock, { teller: tellerOf(step.dependency), actor, stepsOf: () => [step] });

  return {
    mirror: async (issue, actor) => {
      const key = taskKeyOf(issue);
      await knowOwner(ownerOf(key));
      const { task } = await writeTask(table, clock, {
        ...{ key, actor },
        decide: (task) => decideMirror(task, issue),
        changesOf: ({ changes }) => changes,
      });
      return task;
    },

    read: async (key) => (await readTaskViews(table, [key])).get(key),

    change: async ({ key, actor, ...request }) => {
      const decision = await writeTask(table, clock, {
        ...{ key, actor },
        ...(request.lease && { lease: request.lease }),
        decide: (task, claim) => decideTaskChange(task, request, claim),
        changesOf: (decided) => (decided.kind === 'changed' ? decided.changes : []),
      });
      return decision.kind === 'changed' ? { kind: 'changed', task: decision.task } : decision;
    },

    search: (query, context, page) => searchTasks(table, { query, context, ...page }),

    addDependency: async (dependency, actor) => {
      const [outcome] = await changeOne({ do: 'add', dependency }, actor);
      return outcome?.result.kind === 'added' || outcome?.result.kind === 'cycle' ? outcome.result : { kind: 'exists' };
    },

    removeDependency: async (dependency, actor) => {
      const [outcome] = await changeOne({ do: 'remove', dependency }, actor);
      return outcome?.result.kind === 'removed' ? 'removed' : 'missing';
    },

    mirrorDependencies: async (task, source, told, actor) => {
      const isOwn = (edge: Dependency): boolean => tellerOf(edge) === task;
      const stepsOf = (stored: readonly Dependency[]): readonly EdgeStep[] => {
        const { gone, wanted } = mirroredEdges(task, source, { stored, told });
        return [...removing(gone), ...adding(wanted.filter(isOwn))];
      };
      const outcomes = [...(await changeEdges(table, clock, { teller: task, actor, stepsOf }))];
      const { wanted } = mirroredEdges(task, source, { stored: [], told });
      for (const step of adding(wanted.filter((edge) => !isOwn(edge))))
        outcomes.push(...(await changeOne(step, actor)));
      return outcomes.flatMap(({ dependency, result }) =>
        result.kind === 'cycle' ? [{ dependency, path: result.path }] : [],
      );
    },

    dependencies,
  };
}

const adding = (edges: readonly Dependency[]) => edges.map((dependency) => ({ do: 'add', dependency }) as const);
const removing = (edges: readonly Dependency[]) => edges.map((dependency) => ({ do: 'remove', dependency }) as const);
