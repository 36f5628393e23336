import type { ClaimKey, Lease } from '../domain/claim.ts';
import type { TaskFacts } from '../domain/coordination/activity.ts';
import type { Dependency, DependencySource } from '../domain/coordination/dependency.ts';
import type { MirroredIssue, TaskRecord, TaskState, TaskView } from '../domain/coordination/task-record.ts';
import type { QueryContext } from '../domain/query/context.ts';
import type { Query } from '../domain/query/syntax.ts';

export type TaskChangeResult =
  | { readonly kind: 'changed'; readonly task: TaskRecord }
  /** The state machine does not allow it. */
  | { readonly kind: 'illegal'; readonly task: TaskRecord; readonly allowed: readonly TaskState[] }
  /** The lease that was shown is no longer the current one. */
  | { readonly kind: 'stale'; readonly task: TaskRecord }
  | { readonly kind: 'missing' };

export interface TaskChange {
  readonly key: ClaimKey;
  readonly actor: string;
  /** Absent: the state stays, only facts change. */
  readonly to?: TaskState;
  readonly facts?: TaskFacts;
  /** Whoever works on the task shows its lease, which is checked in the same transaction; people and GitHub have none. */
  readonly lease?: Lease;
}

export type DependencyResult =
  | { readonly kind: 'added' }
  | { readonly kind: 'exists' }
  /** The path that the new edge would close, first and last the same: `a → b → a`. */
  | { readonly kind: 'cycle'; readonly path: readonly ClaimKey[] };

export interface SearchPage {
  readonly tasks: readonly TaskView[];
  /** All that match, not only this page; with `counting: 'page'` it may tell only of those up to its end. */
  readonly total: number;
}

export interface PageAsked {
  readonly offset: number;
  readonly limit: number;
  /** `page`: nobody needs the total, and counting may take longer than finding. `all` when absent. */
  readonly counting?: 'all' | 'page';
}

/** The work there is: issues mirrored from GitHub, where each stands, what it waits for. */
export interface TaskStore {
  /** Takes over what GitHub says; older than what is stored (by `updatedAt`): nothing happens. A closed issue is done. */
  mirror(issue: MirroredIssue, actor: string): Promise<TaskRecord>;
  read(key: ClaimKey): Promise<TaskView | undefined>;
  change(change: TaskChange): Promise<TaskChangeResult>;
  /** In the order that the query asks for; by priority, then age, when it does not. */
  search(query: Query, context: QueryContext, page: PageAsked): Promise<SearchPage>;

  addDependency(dependency: Dependency, actor: string): Promise<DependencyResult>;
  removeDependency(dependency: Dependency, actor: string): Promise<'removed' | 'missing'>;
  /** What one source says about one task from now on; edges of other sources stay. Those that would close a cycle are told. */
  mirrorDependencies(
    task: ClaimKey,
    source: DependencySource,
    edges: readonly Dependency[],
    actor: string,
  ): Promise<readonly { readonly dependency: Dependency; readonly path: readonly ClaimKey[] }[]>;
  dependencies(task: ClaimKey): Promise<readonly Dependency[]>;
}
