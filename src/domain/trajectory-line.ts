import { EntropyError } from './error.ts';
import type { TrajectoryBody, TrajectoryEvent } from './trajectory.ts';

type Kind = 'string' | 'number' | 'boolean' | 'object' | 'array';
type Shape = Readonly<Record<string, Kind>>;
type Body<Type> = Extract<TrajectoryBody, { readonly type: Type }>;
type RequiredField<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? never : Key }[keyof T];
type Shapes = {
  readonly [Type in TrajectoryBody['type']]: { readonly [Field in Exclude<RequiredField<Body<Type>>, 'type'>]: Kind };
};

/**
 * The fields that every event must have, by type; the compiler sees to it that none is forgotten. Written out rather
 * than a schema library: the agent's process loads this, and its first model request must not wait for one.
 */
const shapes: Shapes = {
  'run.started': {
    schema: 'number',
    runId: 'string',
    repository: 'string',
    issue: 'number',
    title: 'string',
    baseSha: 'string',
    model: 'string',
    budget: 'object',
    version: 'string',
  },
  'sandbox.ready': { rung: 'string', description: 'string', canary: 'string' },
  'text.sanitised': { places: 'array' },
  'tests.finished': { phase: 'string', run: 'object' },
  'model.requested': { turn: 'number', messages: 'number', estimatedTokens: 'number' },
  'model.replied': {
    turn: 'number',
    model: 'string',
    content: 'array',
    stopReason: 'string',
    usage: 'object',
    costMicroUsd: 'number',
    durationMs: 'number',
  },
  'model.failed': { turn: 'number', message: 'string', retryable: 'boolean' },
  'tool.started': { turn: 'number', callId: 'string', tool: 'string', subject: 'string' },
  'tool.finished': {
    turn: 'number',
    callId: 'string',
    tool: 'string',
    subject: 'string',
    ok: 'boolean',
    summary: 'string',
    output: 'string',
    durationMs: 'number',
  },
  'conversation.compacted': {
    turn: 'number',
    droppedMessages: 'number',
    tokensBefore: 'number',
    tokensAfter: 'number',
  },
  'progress.noted': { turn: 'number', progress: 'number', done: 'string', next: 'string' },
  'run.submitted': { turn: 'number', submission: 'object' },
  'run.reported': { turn: 'number', report: 'object' },
  'run.asked': { turn: 'number', questions: 'array' },
  'run.finished': { outcome: 'string', reason: 'string', spend: 'object', modelCalls: 'number' },
};

/** One line of a trajectory, without its newline. `seq` is what the line must be numbered. Throws E306 with the line. */
export function parseTrajectoryLine(text: string, seq: number): TrajectoryEvent {
  const event = parseObject(text, seq);
  if (event['seq'] !== seq) throw damaged(seq, `seq is ${JSON.stringify(event['seq'])}, expected ${seq}`);
  if (typeof event['at'] !== 'number') throw damaged(seq, 'at is not a number');
  const type = event['type'];
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) {
    throw damaged(seq, `event type ${JSON.stringify(type)} is not known`);
  }
  const shape: Shape = shapes[type as TrajectoryBody['type']];
  for (const [field, kind] of Object.entries(shape)) {
    if (kindOf(event[field]) !== kind) throw damaged(seq, `${type}.${field} is ${kindOf(event[field])}, not ${kind}`);
  }
  return event as unknown as TrajectoryEvent;
}

function parseObject(text: string, seq: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (kindOf(value) === 'object') return value as Record<string, unknown>;
  } catch (cause) {
    throw damaged(seq, 'not JSON', cause);
  }
  throw damaged(seq, 'not a JSON object');
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'missing';
  return Array.isArray(value) ? 'array' : typeof value;
}

function damaged(seq: number, what: string, cause?: unknown): EntropyError {
  return new EntropyError({
    code: 'E306',
    message: `line ${seq + 1} of the trajectory is damaged: ${what}`,
    fix: 'use the file as the run wrote it; only its last line may be incomplete (the writer was killed)',
    cause,
  });
}
