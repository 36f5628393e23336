import { setTimeout as delay } from 'node:timers/promises';
import type { TokenUsage } from '../../domain/budget.ts';
import type { AssistantBlock } from '../../domain/conversation.ts';
import { EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Model, ModelReply, ModelRequest } from '../../ports/model.ts';
import { findMismatch } from './script-expectation.ts';
import { readScript } from './script-file.ts';
import type { Script, ScriptedReply } from './script-schema.ts';

export interface ScriptedModel extends Model {
  /** Replies that nobody has asked for yet. */
  remaining(): number;
  /** Throws E305 when the run ended before the script did. */
  checkUsedUp(): void;
}

const realTime: Pick<Clock, 'sleep'> = {
  async sleep(ms, signal) {
    // The timer rejects with an AbortError of its own; the caller is promised the reason of the signal.
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      throw signal?.aborted === true ? signal.reason : error;
    });
  },
};

/** A script file (docs/scripted-model.md) as a model; `clock` is slept on for `wait_ms`. */
export async function openScriptedModel(path: string, clock: Pick<Clock, 'sleep'> = realTime): Promise<ScriptedModel> {
  return createScriptedModel(await readScript(path), clock);
}

/** Answers from a script, in order. A call too many and an expectation that is not met throw E305. */
export function createScriptedModel(script: Script, clock: Pick<Clock, 'sleep'> = realTime): ScriptedModel {
  const { replies } = script;
  let used = 0;
  return {
    name: 'scripted',
    contextWindow: script.context_window ?? 1_000_000,
    remaining: () => replies.length - used,
    checkUsedUp() {
      if (used < replies.length) throw notUsedUp(used, replies.length);
    },
    async complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
      signal.throwIfAborted();
      const reply = replies[used];
      if (reply === undefined) throw tooMany(replies.length, request.turn);
      const mismatch = reply.expect === undefined ? undefined : findMismatch(reply.expect, request);
      if (mismatch !== undefined) {
        throw misfit(`reply ${used + 1} of ${replies.length} expects ${mismatch.expected}; seen: ${mismatch.seen}`);
      }
      if (reply.wait_ms !== undefined) await clock.sleep(reply.wait_ms, signal);
      signal.throwIfAborted();
      used += 1;
      return toReply(reply, used);
    },
  };
}

function toReply(reply: ScriptedReply, step: number): ModelReply {
  const calls: AssistantBlock[] = (reply.calls ?? []).map((call, index) => ({
    type: 'tool_use',
    id: `call_${step}_${index + 1}`,
    name: call.tool,
    input: call.input,
  }));
  const text: AssistantBlock[] = reply.text === undefined ? [] : [{ type: 'text', text: reply.text }];
  return {
    model: 'scripted',
    content: [...text, ...calls],
    stopReason: reply.stop ?? (calls.length > 0 ? 'tool_use' : 'end_turn'),
    usage: toUsage(reply.usage),
    costMicroUsd: Math.round((reply.cost_usd ?? 0) * 1_000_000),
  };
}

function toUsage(usage: ScriptedReply['usage']): TokenUsage {
  return {
    inputTokens: usage?.input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
    cacheReadTokens: usage?.cache_read_tokens ?? 0,
    cacheWriteTokens: usage?.cache_write_tokens ?? 0,
  };
}

function tooMany(replies: number, turn: number): EntropyError {
  return misfit(`the run asks for an answer at turn ${turn}, but the script has only ${replies} replies`);
}

function notUsedUp(used: number, replies: number): EntropyError {
  return misfit(`the run ended after reply ${used} of ${replies}; the rest of the script was not used`);
}

function misfit(message: string): EntropyError {
  return new EntropyError({
    code: 'E305',
    message,
    fix: 'correct the script (docs/scripted-model.md), or what made the run go another way; the trajectory shows every step',
  });
}
