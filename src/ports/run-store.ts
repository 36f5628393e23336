import type { AgentIdentity } from '../domain/agent-identity.ts';
import type { ClaimKey } from '../domain/claim.ts';
import type { RunFacts } from '../domain/coordination/activity.ts';
import type { RunRecord, RunState } from '../domain/coordination/run-record.ts';

export type RunChangeResult =
  | { readonly kind: 'changed'; readonly run: RunRecord }
  | { readonly kind: 'illegal'; readonly run: RunRecord; readonly allowed: readonly RunState[] }
  | { readonly kind: 'missing' };

export interface RunFilter {
  readonly task?: ClaimKey;
  readonly agent?: string;
  readonly states?: readonly RunState[];
  /** Started at or after, milliseconds since 1970. */
  readonly since?: number;
  /** Started earlier than this: with `states`, what has been queued or running for long. */
  readonly before?: number;
  /** `github/octo/slug/`: tasks that begin so. */
  readonly taskPrefix?: string;
  readonly limit: number;
}

export interface AgentSummary {
  readonly agent: AgentIdentity;
  /** Its run that is not over, when there is one. */
  readonly run?: RunRecord;
  readonly runs: number;
  readonly succeeded: number;
  readonly costMicroUsd: number;
  readonly lastSeenAt: number;
}

/** Which agent works or worked on what, how far it is, what it cost. */
export interface RunStore {
  /** `exists`: a run of this id is there; it stays as it is. */
  open(
    run: Omit<RunRecord, 'version'>,
    actor: string,
  ): Promise<{ readonly kind: 'opened' | 'exists'; readonly run: RunRecord }>;
  read(id: string): Promise<RunRecord | undefined>;
  /**
   * A run that is over stays as it is. `to` absent: only facts change (heartbeat, progress). With `from` only a run that
   * stands there is changed: of two who want to begin it one does.
   */
  change(
    id: string,
    change: { readonly from?: RunState; readonly to?: RunState; readonly facts?: RunFacts; readonly actor: string },
  ): Promise<RunChangeResult>;
  /** The run sees it with its next heartbeat and ends, saving its work. */
  requestStop(id: string, request: { readonly by: string; readonly reason: string }): Promise<RunChangeResult>;
  /** Newest first. */
  list(filter: RunFilter): Promise<readonly RunRecord[]>;
  /** Seen most recently first. */
  agents(filter: { readonly since?: number; readonly limit: number }): Promise<readonly AgentSummary[]>;
}
