import type { AgentIdentity } from '../agent-identity.ts';
import type { ClaimHolder, ClaimKey } from '../claim.ts';
import { outcomes } from '../outcome.ts';
import type { Amounts } from './amounts.ts';

/** Before its end, and then how it ended. */
export const runStates = ['queued', 'running', 'waiting', ...outcomes] as const;
export type RunState = (typeof runStates)[number];

export interface RunDispatch {
  /** How often GitHub was asked to start it; 0: not yet. */
  readonly tries: number;
  /** When last; before the first time when the run was opened. */
  readonly at: number;
  /** W3C Trace Context of what asked for it. */
  readonly traceparent: string;
  /** The workflow run that the books named when it was last started: until another is named, the new one is not known yet. */
  readonly earlier?: number;
}

/** One attempt of one agent at one task. */
export interface RunRecord {
  readonly schema: 1;
  readonly id: string;
  readonly task: ClaimKey;
  readonly attempt: number;
  readonly agent: AgentIdentity;
  readonly state: RunState;
  /** Why it ended as it did. */
  readonly reason?: string;
  readonly workflowRun?: NonNullable<ClaimHolder['workflowRun']>;
  /** Its workflow is started by a dispatcher; absent: whoever opened the run is at work already, or starts it by hand. */
  readonly dispatched?: RunDispatch;
  readonly leaseId: string;
  readonly fence: number;
  /** Milliseconds since 1970, as all times here. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The last sign of life; runs in Actions send none, GitHub is asked about them. */
  readonly heartbeatAt: number;
  /** When it last got further: a living run that makes no progress is told, not hidden. */
  readonly progressAt: number;
  readonly progress: { readonly stage: string; readonly share: number; readonly text?: string };
  readonly spent: Amounts;
  readonly stopRequested?: { readonly by: string; readonly at: number; readonly reason: string };
  readonly branch?: string;
  readonly pullRequest?: number;
  readonly version: number;
}
