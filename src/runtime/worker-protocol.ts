import type { EgressCommand } from '../adapters/egress/egress-process.ts';
import type { ErrorCode } from '../domain/error-catalogue.ts';
import type { PassedOverRung } from '../domain/passed-over.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';
import type { RoomPass } from './sandboxes.ts';

/**
 * What the outer process (it holds the key) and the worker (it holds nothing) say to each other over the IPC channel
 * that Node gives a child. Outer: start → (broker) → contained → (cancel). Worker: finished | failed.
 */
export interface WorkerStart {
  readonly type: 'start';
  readonly task: Task;
  /** Absolute path of the checked-out code. */
  readonly workspace: string;
  /** Absolute path of what a pull request is measured against; for review and verification. */
  readonly base?: string;
  /** Absolute path of the folder for result.json and trajectory.jsonl. */
  readonly resultDir: string;
  /** PATH of the outer process, in which git and toolchains are found. */
  readonly hostPath: string;
  readonly version: string;
  /** Absolute path of the home that set-up may have filled; it need not exist. */
  readonly home: string;
  /** A person asked for no sandbox. */
  readonly walls?: 'none';
  /** Program and arguments that start the way out of a sandbox. */
  readonly egress: EgressCommand;
}

/** Where the model is asked; only for models that need the broker. It holds what it is asked until `contained`. */
export interface WorkerBroker {
  readonly type: 'broker';
  readonly url: string;
  readonly token: string;
}

/** The sandbox is open, and the canary was contained. */
export interface WorkerContained {
  readonly type: 'contained';
  readonly sandbox: RoomPass;
  readonly passedOver: readonly PassedOverRung[];
}

export type ToWorker =
  | WorkerStart
  | WorkerBroker
  | WorkerContained
  | { readonly type: 'cancel'; readonly reason: string };

export interface WorkerFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
  readonly retryable: boolean;
}

export type FromWorker =
  | { readonly type: 'finished'; readonly result: RunResult }
  | { readonly type: 'failed'; readonly fault: WorkerFault };

/** What a worker said, or undefined when it is no word of this protocol: the channel is open to whatever runs there. */
export function parseFromWorker(message: unknown): FromWorker | undefined {
  if (!isRecord(message)) return undefined;
  switch (message['type']) {
    case 'finished':
      return isRecord(message['result']) ? (message as unknown as FromWorker) : undefined;
    case 'failed':
      return isFault(message['fault']) ? (message as unknown as FromWorker) : undefined;
    default:
      return undefined;
  }
}

function isFault(value: unknown): value is WorkerFault {
  if (!isRecord(value)) return false;
  const told = ['code', 'message', 'fix'].every((field) => typeof value[field] === 'string');
  return told && typeof value['retryable'] === 'boolean';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
