import type { AttemptRecord } from '../../domain/evaluation/attempt-record.ts';
import { attemptRecord } from '../../domain/evaluation/attempt-record.ts';
import { isObject } from '../../domain/json-shape.ts';
import { readShape } from '../../domain/shape.ts';
import type { AttemptRequest } from './attempt.ts';

/** What the evaluation says to the process of an attempt; it also leaves when the channel closes. */
export type ToAttempt =
  | { readonly type: 'attempt'; readonly request: AttemptRequest }
  | { readonly type: 'stop'; readonly reason: string };

/** The one thing that it says, before it ends. */
export interface FromAttempt {
  readonly type: 'ended';
  readonly record: AttemptRecord;
}

export function parseFromAttempt(value: unknown): AttemptRecord | undefined {
  if (!isObject(value) || value['type'] !== 'ended') return undefined;
  const read = readShape(attemptRecord, value['record']);
  return read.kind === 'read' ? read.value : undefined;
}
