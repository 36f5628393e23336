import type { ClaimRecord } from '../domain/claim.ts';
import { deliveryRules } from '../domain/dispatch/delivery-rules.ts';
import type { ApiKeyStore } from '../ports/api-key-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Coordination } from '../ports/coordination.ts';
import type { ForgeApp } from '../ports/forge-app.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { ObjectTransfers } from '../ports/object-transfers.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import { wireLimits } from '../wire/limits.ts';
import type { OidcSettings } from './access/github-oidc.ts';
import type { Rate } from './token-buckets.ts';

export interface ServerLimits {
  /** Of each caller with a valid credential. */
  readonly callerRate: Rate;
  /** Of each address: what needs no credential, and credentials that are refused. */
  readonly addressRate: Rate;
  readonly bodyBytes: number;
  /** GitHub's deliveries are larger than anything else. */
  readonly webhookBytes: number;
  readonly bodyMs: number;
  /** For one file under `/v1/objects/`. */
  readonly transferMs: number;
  /** For a request that is no stream. */
  readonly requestMs: number;
  readonly streams: number;
  readonly streamsPerCaller: number;
  /** Then a stream ends, and whoever connects anew shows a credential that still counts. */
  readonly streamLifeMs: number;
  readonly streamHeartbeatMs: number;
  /** `quiet`: already when something was sent and nothing more came for a heartbeat, where answers are not streamed. */
  readonly streamEnds: 'with-its-life' | 'quiet';
  /** A stream whose reader takes nothing for this long is ended. */
  readonly streamStallMs: number;
}

export const defaultServerLimits: ServerLimits = {
  callerRate: { burst: 1_000, perSecond: 100 },
  addressRate: { burst: 60, perSecond: 5 },
  bodyBytes: wireLimits.bodyBytes,
  webhookBytes: deliveryRules.bodyBytes,
  bodyMs: 15_000,
  transferMs: 55_000,
  requestMs: 30_000,
  streams: 500,
  streamsPerCaller: 20,
  streamLifeMs: 15 * 60_000,
  streamHeartbeatMs: 15_000,
  streamEnds: 'with-its-life',
  streamStallMs: 60_000,
};

/** One line of the log: names and plain values, never a secret. */
export type LogEntry = Readonly<Record<string, string | number | boolean>>;

/** One delivery of a webhook: the kind of event, and GitHub's own JSON. */
export interface GitHubDelivery {
  readonly event: string;
  readonly payload: unknown;
}

export interface DispatchParts {
  /** Where the dispatcher put the tasks. */
  readonly objects: Pick<ObjectStore, 'get'>;
  /** Makes the tokens that the workflow runs work with; absent: they have to bring their own. */
  readonly app?: Pick<ForgeApp, 'author' | 'installationOf' | 'mintToken'>;
  /** Globs over the file that a job stands in (`job_workflow_ref`): only these get tasks and tokens. Empty: any. */
  readonly workflows: readonly string[];
  /** `https://github.com`: workflow runs are linked there. */
  readonly serverUrl: string;
}

export interface CoordinatorAppOptions {
  readonly coordination: Coordination;
  readonly queue?: TaskQueue;
  /** Files of runs. Absent: none are kept. */
  readonly objects?: ObjectStore;
  /** Where the store has no addresses of its own: those that this app serves. */
  readonly transfers?: ObjectTransfers;
  readonly access: {
    readonly keys: ApiKeyStore;
    readonly idempotency: IdempotencyStore;
    /** Absent: only API keys. */
    readonly oidc?: OidcSettings;
  };
  readonly github?: {
    /** The one of now and, while it is rotated, the one before. Empty: deliveries are refused. */
    readonly webhookSecrets: readonly string[];
    /** What is done with a delivery whose signature is right; E103 when it is not what its event promises. */
    readonly deliver?: (delivery: GitHubDelivery, signal: AbortSignal) => Promise<'mirrored' | 'ignored'>;
    /** Asks GitHub with the coordinator's own token; absent: what callers found counts. */
    readonly holderIsDead?: (record: ClaimRecord) => Promise<boolean>;
  };
  /** Runs that wait in the books until a workflow run comes for them. Absent: nothing is picked up here. */
  readonly dispatch?: DispatchParts;
  /** A small write to the store; throws when it cannot be written. */
  readonly probeStore: () => Promise<void>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly version: string;
  readonly log: (entry: LogEntry) => void;
  /** Where a request comes from; behind a proxy what that one says. */
  readonly addressOf: (env: unknown, headers: Headers) => string;
  /** Aborted when the process is about to end: streams end, `/readyz` says so. */
  readonly stopping: AbortSignal;
  readonly limits?: Partial<ServerLimits>;
}

/** The same with every limit set: what the parts of the app are given. */
export type AppParts = Omit<CoordinatorAppOptions, 'limits'> & { readonly limits: ServerLimits };
