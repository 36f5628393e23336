import type { RepositoryRef } from '../../domain/repository.ts';
import type { Settings } from '../../domain/settings.ts';
import type { TriggerEvent } from '../../domain/trigger-event.ts';
import type { BudgetStore } from '../../ports/budget-store.ts';
import type { ChangeSets } from '../../ports/change-sets.ts';
import type { ClaimStore } from '../../ports/claim-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Forge } from '../../ports/forge.ts';
import type { ForgeIssues } from '../../ports/forge-issues.ts';
import type { ForgeWorkflows } from '../../ports/forge-workflows.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { WaitingList } from '../../ports/waiting-list.ts';
import type { GateMemory } from './gate-memory.ts';

/** One repository on GitHub, with a token of the App's installation there. */
export interface RepositoryAccess {
  readonly forge: Forge;
  readonly issues: ForgeIssues;
  readonly workflows: ForgeWorkflows;
  /** Changes in several repositories that issues here asked for. */
  readonly sets: ChangeSets;
}

/** What the dispatcher works with: the books, GitHub as the App, and where the work is handed over. */
export interface DispatchRoom {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly tasks: TaskStore;
  readonly runs: RunStore;
  readonly claims: ClaimStore;
  readonly budgets: Pick<BudgetStore, 'caps' | 'read'>;
  readonly waiting: WaitingList;
  readonly heard: IdempotencyStore;
  readonly objects: Pick<ObjectStore, 'put' | 'head'>;
  readonly connect: (repository: RepositoryRef) => RepositoryAccess;
  /** GitHub's word on whether the installation covers the repository. */
  readonly covers: (installation: number, repository: RepositoryRef) => Promise<boolean>;
  /** Undefined: the App is not installed there, or is suspended. */
  readonly installationOf: (repository: RepositoryRef) => Promise<number | undefined>;
  readonly memory: GateMemory;
  /** The books follow what GitHub tells. */
  readonly mirror: (told: ToldEvent, signal: AbortSignal) => Promise<'mirrored' | 'ignored'>;
  readonly readTrigger: (told: ToldEvent) => Promise<TriggerEvent>;
  readonly settingsFrom: (file: Uint8Array | undefined, where: string) => Promise<Settings>;
  readonly newId: () => string;
  readonly version: string;
  readonly started: StartedWhere;
}

export interface ToldEvent {
  /** `issues`. */
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Which workflow is started, and where. */
export interface StartedWhere {
  /** `agent.yml`. */
  readonly workflow: string;
  /** Undefined: each run in its own repository. */
  readonly runnerRepository: RepositoryRef | undefined;
}
