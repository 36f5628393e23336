import { type ClaimKey, type ClaimRecord, isCurrent } from '../../domain/claim.ts';
import { createDependencyGraph, mirroredEdges } from '../../domain/coordination/dependency-graph.ts';
import { taskKeyOf } from '../../domain/coordination/task-key.ts';
import { labelledPriority } from '../../domain/coordination/task-priority.ts';
import {
  defaultPriority,
  type MirroredIssue,
  type TaskRecord,
  type TaskView,
} from '../../domain/coordination/task-record.ts';
import { isClosed, isStartable } from '../../domain/coordination/wait-edge.ts';
import { EntropyError } from '../../domain/error.ts';
import { taskPredicate } from '../../domain/query/predicate.ts';
import { compareTasks, orderOf } from '../../domain/query/sort.ts';
import type { ClaimStore } from '../../ports/claim-store.ts';
import type { IssueSearch } from '../../ports/forge-issues.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { askGitHub } from './ask-github.ts';

export interface LiveTasksOptions {
  readonly claims: Pick<ClaimStore, 'read' | 'list'>;
  /** Puts in what GitHub says of issues and dependencies; asked for once, with the first question. */
  readonly fill: (tasks: TaskStore) => Promise<void>;
  /** Numbers of what GitHub's own search finds in the repository, in its order. */
  readonly find: (asked: IssueSearch) => Promise<readonly number[]>;
}

/**
 * Tasks of plain GitHub: issues and dependencies as GitHub tells them now, and who holds which by the claims in its refs.
 * Nothing is kept: where work stands is what issue and claim say, `done`, `claimed` or `open`.
 */
export function createLiveTasks({ claims, fill, find }: LiveTasksOptions): TaskStore {
  const issues = new Map<ClaimKey, MirroredIssue>();
  const graph = createDependencyGraph();
  let filled: Promise<void> | undefined;
  /** Meanwhile the one who fills reads what is there. */
  let filling = false;

  const held = async (): Promise<ReadonlyMap<ClaimKey, ClaimRecord>> => {
    const found = new Map<ClaimKey, ClaimRecord>();
    for await (const claim of claims.list({ state: 'held' })) found.set(claim.key, claim);
    return found;
  };

  const viewOf = (key: ClaimKey, issue: MirroredIssue, claim: ClaimRecord | undefined): TaskView => {
    const task = recordOf(key, issue, claim);
    const blockedBy = graph.blockersOf(key);
    const openBlockers = blockedBy.filter((blocker) => !isIssueClosed(issues.get(blocker))).length;
    return {
      ...task,
      ...(claim !== undefined && { claim }),
      blockedBy,
      blocks: graph.waitersOf(key),
      openBlockers,
      ready: claim === undefined && isStartable(task, openBlockers),
    };
  };

  const store: TaskStore = {
    mirror: async (issue) => {
      const key = taskKeyOf(issue);
      const known = issues.get(key);
      const newest = known !== undefined && known.updatedAt > issue.updatedAt ? known : issue;
      issues.set(key, newest);
      return recordOf(key, newest, undefined);
    },

    read: async (key) => {
      await full();
      const issue = issues.get(key);
      if (issue === undefined) return undefined;
      // Whoever fills asks only whether it is known.
      const claim = filling ? undefined : await claims.read(key);
      return viewOf(key, issue, claim?.state === 'held' ? claim : undefined);
    },

    change: async ({ key, to, lease }) => {
      await full();
      const issue = issues.get(key);
      if (issue === undefined) return { kind: 'missing' };
      const claim = await claims.read(key);
      const task = recordOf(key, issue, claim?.state === 'held' ? claim : undefined);
      // The claim is all there is: whoever shows its lease has changed the task with it.
      if (lease === undefined || (to !== 'claimed' && to !== 'in_progress' && to !== 'ready')) throw notKept();
      return isCurrent(claim, lease) ? { kind: 'changed', task } : { kind: 'stale', task };
    },

    search: async (query, context, { offset, limit }) => {
      const asked = await askGitHub(query, context, find);
      const fits = taskPredicate(asked.left, context);
      await full();
      const holders = await held();
      const found = [...issues]
        .filter(([, { number }]) => asked.places?.has(number) ?? true)
        .map(([key, issue]) => viewOf(key, issue, holders.get(key)))
        .filter(fits)
        .sort(asked.order ?? compareTasks(orderOf(asked.left)));
      return { tasks: found.slice(offset, offset + limit), total: found.length };
    },

    addDependency: async () => {
      throw notKept();
    },
    removeDependency: async () => {
      throw notKept();
    },

    mirrorDependencies: async (task, source, edges) => {
      const { gone, wanted } = mirroredEdges(task, source, { stored: graph.of(task), told: edges });
      for (const edge of gone) graph.remove(edge);
      return wanted.flatMap((dependency) => {
        const added = graph.add(dependency);
        return added.kind === 'cycle' ? [{ dependency, path: added.path }] : [];
      });
    },

    dependencies: async (task) => {
      await full();
      return graph.of(task);
    },
  };

  const full = async (): Promise<void> => {
    if (filling) return;
    filled ??= (async () => {
      filling = true;
      try {
        await fill(store);
      } finally {
        filling = false;
      }
    })();
    await filled;
  };
  return store;
}

function isIssueClosed(issue: MirroredIssue | undefined): boolean {
  return issue !== undefined && isClosed({ issue, state: 'open' });
}

function recordOf(key: ClaimKey, issue: MirroredIssue, claim: ClaimRecord | undefined): TaskRecord {
  const closed = issue.forgeState === 'closed';
  return {
    schema: 1,
    key,
    issue,
    state: closed ? 'done' : claim === undefined ? 'open' : 'claimed',
    priority: labelledPriority(issue.labels) ?? defaultPriority,
    progress: closed ? 1 : 0,
    checkpoints: { done: [], next: [] },
    ...(claim !== undefined && { runId: claim.holder.runId }),
    ...(claim?.holder.agent !== undefined && { agent: claim.holder.agent }),
    fence: claim?.fence ?? 0,
    attempts: 0,
    costMicroUsd: 0,
    version: 1,
  };
}

function notKept(): EntropyError {
  return new EntropyError({
    code: 'E725',
    message: 'plain GitHub keeps nothing about tasks besides issues and claims',
    fix: 'change the issue on GitHub itself, or name a store that keeps more: --coordinator URL or --state FILE',
  });
}
