import { totalTokens } from '../domain/budget.ts';
import { readBudgetRefusal } from '../domain/budget-refusal.ts';
import { describeError, EntropyError } from '../domain/error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Model, ModelReply, ToolSpec } from '../ports/model.ts';
import type { TrajectoryRecorder } from '../ports/trajectory-recorder.ts';
import type { Conversation } from './conversation.ts';
import { withDeadline } from './deadline.ts';
import type { LoopEnd } from './loop-end.ts';
import type { Meter } from './meter.ts';

export interface ModelCall {
  readonly model: Model;
  readonly recorder: TrajectoryRecorder;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly conversation: Conversation;
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly turn: number;
}

export type ModelAnswer =
  | { readonly kind: 'replied'; readonly reply: ModelReply }
  | { readonly kind: 'ended'; readonly end: LoopEnd };

const mostOutputTokens = 16_384;

/** Room that is kept free in the window for the answer. */
export function outputTokens(model: Model): number {
  return Math.min(mostOutputTokens, Math.floor(model.contextWindow / 4));
}

/** One call of the model: recorded before and after, ended by the run's own deadline, paid for. */
export async function askModel(call: ModelCall, signal: AbortSignal): Promise<ModelAnswer> {
  const { clock, conversation, meter, model, recorder, turn } = call;
  const compaction = conversation.compact();
  if (compaction !== undefined) recorder.record({ type: 'conversation.compacted', turn, ...compaction });

  const messages = conversation.messages();
  const estimatedTokens = conversation.estimatedTokens();
  recorder.record({ type: 'model.requested', turn, messages: messages.length, estimatedTokens });
  meter.countCall();
  const tokensLeft = meter.limits.maxTokens - totalTokens(meter.spend().usage);
  const maxOutputTokens = Math.max(1, Math.min(outputTokens(model), tokensLeft));
  const request = { turn, system: call.system, tools: call.tools, messages, maxOutputTokens };
  const failed = (message: string, retryable: boolean): void =>
    recorder.record({ type: 'model.failed', turn, message, retryable });

  const started = clock.monotonic();
  try {
    const wait = { clock, ms: meter.remainingMs(), signal };
    const timed = await withDeadline(wait, (stop) => model.complete(request, stop));
    if (timed.kind === 'late') {
      failed('the time of the run was over before the model had answered', false);
      return { kind: 'ended', end: { kind: 'over-budget', limit: 'minutes' } };
    }
    const reply = timed.value;
    meter.countReply(reply);
    const { inputTokens, cacheReadTokens, cacheWriteTokens } = reply.usage;
    conversation.correct(inputTokens + cacheReadTokens + cacheWriteTokens, estimatedTokens);
    const durationMs = Math.round(clock.monotonic() - started);
    recorder.record({ type: 'model.replied', turn, ...replyFields(reply), durationMs });
    return { kind: 'replied', reply };
  } catch (error) {
    if (signal.aborted || !(error instanceof EntropyError)) throw error;
    failed(describeError(error), error.retryable);
    return { kind: 'ended', end: endOf(error, meter) };
  }
}

function replyFields(reply: ModelReply): ModelReply {
  const { model, content, stopReason, usage, costMicroUsd } = reply;
  return { model, content, stopReason, usage, costMicroUsd };
}

function endOf(error: EntropyError, meter: Meter): LoopEnd {
  const reason = `${error.code}: ${describeError(error)}`;
  // The broker counts for itself, and may be the first to see that a limit is reached.
  if (error.code === 'E307') {
    const limit = readBudgetRefusal(error.message) ?? meter.exhausted() ?? 'cost';
    return { kind: 'over-budget', limit, reason };
  }
  return { kind: 'failed', reason, retryable: error.retryable };
}
