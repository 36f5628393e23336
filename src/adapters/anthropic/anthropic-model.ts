import { EntropyError } from '../../domain/error.ts';
import { anthropicPrices, costOf, type PriceTable, priceOf } from '../../domain/price.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Model, ModelReply, ModelRequest } from '../../ports/model.ts';
import { callMessages } from './messages-call.ts';
import { toMessagesRequest } from './messages-request.ts';
import { AttemptFailure } from './model-failure.ts';
import { limitsOf } from './model-limits.ts';
import type { AssembledReply } from './reply-assembly.ts';

export interface AnthropicOptions {
  /** Of the broker; any address that speaks the Messages API, without `/v1`. */
  readonly baseUrl: string;
  /** The broker's token. The key itself is never given to this adapter. */
  readonly authToken: string;
  readonly model: string;
  readonly clock: Clock;
  readonly prices?: PriceTable;
  /** Attempts in all while the errors are retryable. */
  readonly maxAttempts?: number;
  /** Longest silence of the other side, in milliseconds; above the broker's own, so that its error is seen. */
  readonly idleMs?: number;
  /** Between 0 and 1, for the jitter of waits. */
  readonly random?: () => number;
}

/** More than this is not waited for in one go: the run's minutes are better spent by a later run. */
const longestWaitMs = 120_000;
const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
/** An answer that makes no sense was paid for; twice in a row it will hardly get better. */
const malformedAttempts = 2;

/** Claude over the Messages API. Throws E101 at once for a model whose price is not known. */
export function createAnthropicModel(options: AnthropicOptions): Model {
  const { model, clock, prices = anthropicPrices, maxAttempts = 8, idleMs = 360_000, random = Math.random } = options;
  const price = priceOf(prices, model);
  const limits = limitsOf(model);
  return {
    name: model,
    contextWindow: limits.contextWindow,
    async complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
      const body = toMessagesRequest(request, model, limits.maxOutputTokens);
      let costOfFailures = 0;
      let malformed = 0;
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await tryOnce(() => callMessages({ ...options, body, idleMs }, signal));
        if (outcome.kind === 'replied') {
          const { reply } = outcome;
          return { ...reply, costMicroUsd: costOf(price, reply.usage) + costOfFailures };
        }
        const { failure } = outcome;
        costOfFailures += failure.usage === undefined ? 0 : costOf(price, failure.usage);
        malformed += failure.error.code === 'E304' ? 1 : 0;
        const waitMs = failure.retryAfterMs ?? backoffMs(attempt, random());
        if (waitMs > longestWaitMs) throw tooLong(failure.error, waitMs);
        const again = failure.error.retryable && attempt < maxAttempts && malformed < malformedAttempts;
        if (!again) throw afterAttempts(failure.error, attempt);
        await clock.sleep(waitMs, signal);
      }
    },
  };
}

type Outcome =
  | { readonly kind: 'replied'; readonly reply: AssembledReply }
  | { readonly kind: 'failed'; readonly failure: AttemptFailure };

async function tryOnce(attempt: () => Promise<AssembledReply>): Promise<Outcome> {
  try {
    return { kind: 'replied', reply: await attempt() };
  } catch (error) {
    if (error instanceof AttemptFailure) return { kind: 'failed', failure: error };
    throw error;
  }
}

/** Doubles from half a second, with up to a quarter off so that agents that failed together do not return together. */
function backoffMs(attempt: number, random: number): number {
  return Math.min(firstBackoffMs * 2 ** (attempt - 1), longestBackoffMs) * (1 - random / 4);
}

function tooLong(error: EntropyError, waitMs: number): EntropyError {
  return restate(error, `${error.message} (it asks to wait ${Math.round(waitMs / 1000)} s)`);
}

function afterAttempts(error: EntropyError, attempts: number): EntropyError {
  return attempts === 1 ? error : restate(error, `${error.message} (after ${attempts} attempts)`);
}

function restate(error: EntropyError, message: string): EntropyError {
  const { code, fix, retryable, cause } = error;
  return new EntropyError({ code, message, fix, retryable, cause });
}
