import type { ErrorCode } from '../domain/error-catalogue.ts';
import type { RunResult } from '../domain/run-result.ts';
import type { Task } from '../domain/task.ts';

/**
 * What the outer process (it holds the key) and the worker (it holds nothing) say to each other over the IPC channel
 * that Node gives a child. Outer: start → armed → (cancel). Worker: contained → finished | failed.
 */
export interface WorkerStart {
  readonly type: 'start';
  readonly task: Task;
  /** Absolute path of the checked-out code. */
  readonly workspace: string;
  /** Absolute path of the folder for result.json and trajectory.jsonl. */
  readonly resultDir: string;
  /** PATH of the outer process, for finding toolchains. */
  readonly hostPath: string;
  readonly version: string;
  /** Absolute path of the home that set-up may have filled; it need not exist. */
  readonly home: string;
}

export type ToWorker =
  | WorkerStart
  /** The broker is ready to be asked. Absent for models that need none. */
  | { readonly type: 'armed'; readonly broker?: { readonly url: string; readonly token: string } }
  | { readonly type: 'cancel'; readonly reason: string };

export interface WorkerFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
  readonly retryable: boolean;
}

export type FromWorker =
  /** The sandbox is built and the canary was not seen inside: from now on a key may be loaded. */
  | { readonly type: 'contained'; readonly description: string }
  | { readonly type: 'finished'; readonly result: RunResult }
  | { readonly type: 'failed'; readonly fault: WorkerFault };

/** What a worker said, or undefined when it is no word of this protocol: the channel is open to whatever runs there. */
export function parseFromWorker(message: unknown): FromWorker | undefined {
  if (!isRecord(message)) return undefined;
  switch (message['type']) {
    case 'contained':
      return typeof message['description'] === 'string' ? (message as unknown as FromWorker) : undefined;
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
