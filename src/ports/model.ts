import type { TokenUsage } from '../domain/budget.ts';
import type { AssistantBlock, Message } from '../domain/conversation.ts';
import type { StopReason } from '../domain/trajectory.ts';

/** A tool as the model sees it. `inputSchema` is JSON Schema (an object). */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  /** 1-based number of the turn, for scripts and logs. */
  readonly turn: number;
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly Message[];
  readonly maxOutputTokens: number;
}

export interface ModelReply {
  readonly model: string;
  readonly content: readonly AssistantBlock[];
  readonly stopReason: StopReason;
  readonly usage: TokenUsage;
  readonly costMicroUsd: number;
}

/**
 * A model that answers a conversation. Errors are `EntropyError`s of the E3xx family whose `retryable` tells the
 * truth; adapters retry by it themselves, so a thrown error is final.
 */
export interface Model {
  readonly name: string;
  /** Tokens that fit in one request, the answer included. */
  readonly contextWindow: number;
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}
