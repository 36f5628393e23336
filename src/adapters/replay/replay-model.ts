import { readFile } from 'node:fs/promises';
import { EntropyError } from '../../domain/error.ts';
import { type TrajectoryEvent, trajectorySchema } from '../../domain/trajectory.ts';
import { parseTrajectory } from '../../domain/trajectory-text.ts';
import type { Model, ModelReply, ModelRequest } from '../../ports/model.ts';

export interface Recording {
  readonly events: readonly TrajectoryEvent[];
  /** The recording ends within a line: its writer was killed. */
  readonly torn: boolean;
}

export interface ReplayModel extends Model {
  /** Recorded answers that nobody has asked for yet. */
  remaining(): number;
}

type Replied = Extract<TrajectoryEvent, { type: 'model.replied' }>;
type Failed = Extract<TrajectoryEvent, { type: 'model.failed' }>;

/** A recorded `trajectory.jsonl` as a model. Throws E102 when it cannot be read, E306 when it cannot be replayed. */
export async function openReplayModel(path: string): Promise<ReplayModel> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EntropyError({
      code: 'E102',
      message: `cannot read the trajectory ${path}`,
      fix: 'name the trajectory.jsonl of a run after replay:, relative to where the program is started',
      cause,
    });
  });
  return createReplayModel(parseTrajectory(bytes));
}

/**
 * Answers as a recorded run was answered, in order, without a model. Replies come with the usage and cost of the
 * recording: budgets and compaction then decide as they did. A recorded failure fails again. Throws E306 for a recording
 * that cannot be replayed, and when the run asks for more, or at another turn, than was recorded.
 */
export function createReplayModel(recording: Recording): ReplayModel {
  const answers = answersOf(recording);
  let asked = 0;
  return {
    name: 'replay',
    // The recording decides what was compacted and when; this run must not find a smaller window than that one.
    contextWindow: 1_000_000,
    remaining: () => answers.length - asked,
    async complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
      signal.throwIfAborted();
      const answer = answers[asked];
      if (answer === undefined) throw tooMany(answers.length, request.turn);
      if (answer.turn !== request.turn) throw otherTurn(asked + 1, answer.turn, request.turn);
      asked += 1;
      if (answer.type === 'model.failed') throw recordedFailure(answer);
      const { model, content, stopReason, usage, costMicroUsd } = answer;
      return { model, content, stopReason, usage, costMicroUsd };
    },
  };
}

function answersOf({ events, torn }: Recording): readonly (Replied | Failed)[] {
  const [first] = events;
  if (first === undefined) throw notReplayable('it holds no event');
  if (first.type !== 'run.started') throw notReplayable(`it begins with ${first.type} instead of run.started`);
  if (first.schema !== trajectorySchema) {
    throw notReplayable(`its schema is ${String(first.schema)}, this version reads ${trajectorySchema}`);
  }
  if (torn) throw notReplayable('its last line is torn: the run was killed and never came to an end');
  const answers = events.filter((event) => event.type === 'model.replied' || event.type === 'model.failed');
  if (!answers.some((answer) => answer.type === 'model.replied')) throw notReplayable('no model reply was recorded');
  return answers;
}

function notReplayable(why: string): EntropyError {
  return new EntropyError({
    code: 'E306',
    message: `this trajectory cannot be replayed: ${why}`,
    fix: 'replay the trajectory.jsonl of a run that ended by itself, with the version that recorded it',
  });
}

function tooMany(recorded: number, turn: number): EntropyError {
  return diverged(`the run asks for an answer at turn ${turn}, but only ${recorded} were recorded`);
}

function otherTurn(answer: number, recorded: number, turn: number): EntropyError {
  return diverged(`answer ${answer} was recorded at turn ${recorded}, but the run asks for it at turn ${turn}`);
}

function diverged(what: string): EntropyError {
  return new EntropyError({
    code: 'E306',
    message: what,
    why: 'the replayed run took another way than the recorded one',
    fix: 'replay on the same base commit, set-up, test command and budget; compare the trajectories for the first difference',
  });
}

function recordedFailure(failed: Failed): EntropyError {
  return new EntropyError({
    code: 'E300',
    message: `the recorded run ended here: ${failed.message}`,
    fix: 'this is what happened then; start a new run to try again',
  });
}
