import type { CoordinatorKeys } from '../adapters/coordinator/keys.ts';
import type { ClaimRecord } from '../domain/claim.ts';
import type { RunRecord } from '../domain/coordination/run-record.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { GiveBackRequest } from '../flows/give-back.ts';
import type { NextRequest, NextResult } from '../flows/next-task.ts';
import type { RedrivenTask, RedriveRequest } from '../flows/redrive-task.ts';
import type { SweepReport, SweepRequest } from '../flows/sweep-claims.ts';
import type { SyncReport } from '../flows/sync-repository.ts';
import type { TakeOverRequest } from '../flows/take-over-claim.ts';
import type { ReleaseResult, TakeOverResult } from '../ports/claim-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Coordination } from '../ports/coordination.ts';
import type { QueueDesk } from '../ports/queue-desk.ts';
import type { RunArtifacts } from '../ports/run-artifacts.ts';
import type { CliEnvironment } from './cli-environment.ts';
import type { GitHubConnection } from './github.ts';
import type { StoreChoice } from './store-choice.ts';

/** One store of shared state, whichever it is, with what is done on it in one go. What commands work with. */
export interface CoordinationRoom extends AsyncDisposable {
  readonly kind: StoreChoice['kind'];
  /** For people: `coordinator https://…`, `local store …/coordination.sqlite`, `GitHub octo/slug`. */
  readonly place: string;
  /** Plain GitHub keeps only a part of it; the rest is E725. */
  readonly store: Coordination;
  readonly clock: Clock;
  /** A new ULID for each call. */
  readonly newId: () => string;
  next(request: NextRequest): Promise<NextResult>;
  sweep(request: SweepRequest): Promise<SweepReport>;
  /** By a person: ends the run that held it as well. */
  takeOver(request: TakeOverRequest): Promise<TakeOverResult>;
  /** With the run behind the claim and its task. */
  giveBack(request: GiveBackRequest): Promise<ReleaseResult['kind']>;
  /** Of whoever holds this claim; tells who asked its run to stop. Plain GitHub keeps no signs of life. */
  signOfLife(claim: ClaimRecord): Promise<RunRecord['stopRequested']>;
  redrive(request: RedriveRequest): Promise<RedrivenTask>;
  /** Takes issues and dependencies of a repository over from GitHub. */
  sync(repository: RepositoryRef, since?: string): Promise<SyncReport>;
  /** By GitHub's own record of the workflow run behind a claim. */
  readonly holderIsDead: (record: ClaimRecord) => Promise<boolean>;
  /** A coordinator's; E725 elsewhere. */
  readonly keys: () => CoordinatorKeys;
  /** Files of runs; E725 where none are kept. */
  readonly artifacts: () => RunArtifacts;
  /** The queue of work; E725 where there is none. */
  readonly queue: () => QueueDesk;
  /** GitHub itself, with our own token; E201 without one. */
  readonly github: (repository: RepositoryRef) => GitHubConnection;
}

export interface RoomContext {
  readonly environment: CliEnvironment;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}
