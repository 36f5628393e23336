import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BudgetLimit, BudgetLimits, Spend } from '../../domain/budget.ts';
import { printBudgetRefusal } from '../../domain/budget-refusal.ts';
import { anthropicPrices, type PriceTable } from '../../domain/price.ts';
import { knownSecretFinder } from '../../domain/secret-search.ts';
import type { Clock } from '../../ports/clock.ts';
import { forwardedHeaders, pathOf, readBody, refusedAtTheDoor } from './broker-door.ts';
import { cleanKey } from './model-key.ts';
import { http } from './node-http.ts';
import { type Refusal, refusal, sendRefusal } from './refusal.ts';
import { refuseUnreachable, relayAnswer } from './relay.ts';
import { checkRequest } from './request-policy.ts';
import { createSpendLedger } from './spend-ledger.ts';
import { callUpstream, joinUrl, UpstreamSilence } from './upstream.ts';

export interface BrokerOptions {
  /** Address of the Messages API, without `/v1`; a path prefix is kept. The key is sent there and nowhere else. */
  readonly targetBaseUrl: string;
  /** Read once, when the broker is armed. */
  readonly key: () => string | undefined;
  readonly budget: BudgetLimits;
  readonly clock: Clock;
  /** Every model with a price when absent. */
  readonly allowedModels?: readonly string[];
  readonly prices?: PriceTable;
  /** Largest request in bytes; the API itself takes 32 MB. */
  readonly maxRequestBytes?: number;
  /** Longest silence of the model host, in milliseconds. */
  readonly idleMs?: number;
}

export interface Broker extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, to be used as the base address of the Messages API. */
  readonly url: string;
  /** What a client must send, as a bearer token or as `x-api-key`; good for this run only. */
  readonly token: string;
  /** Takes the key into memory and starts answering. Throws E301 without a key, E302 when it cannot be one. */
  arm(): void;
  /** What was used, by the model host's own figures. */
  spend(): Spend;
  close(): Promise<void>;
}

interface Armed {
  readonly key: string;
  readonly holdsKey: (text: string) => boolean;
}

/**
 * An HTTP server on loopback that forwards the requests of one run to the model host: it adds the key, which nobody else
 * has, lets only this run's models and plain requests through, and refuses with E307 what the budget does not cover.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { maxRequestBytes = 32 * 1024 * 1024, idleMs = 300_000, prices = anthropicPrices } = options;
  const token = randomBytes(32).toString('base64url');
  const ledger = createSpendLedger(options.budget, options.clock);
  const policy = { prices, ...(options.allowedModels === undefined ? {} : { allowedModels: options.allowedModels }) };
  const closing = new AbortController();
  // A worker that asks and asks without ever getting an answer costs nothing, yet must come to an end.
  let attemptsLeft = options.budget.maxTurns * 10 + 20;
  let armed: Armed | undefined;
  const arming = Promise.withResolvers<Armed>();

  const forward = async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bytes = await readBody(request, maxRequestBytes);
    if (bytes === undefined) return sendRefusal(response, tooLarge(maxRequestBytes));
    const counting = path.endsWith('/count_tokens');
    const checked = checkRequest(bytes, policy, counting);
    if (checked.kind === 'refused') return sendRefusal(response, checked.refusal);
    // Whoever asks while the sandbox is still being proven is answered once it was.
    const holder = armed ?? (await inTime(arming.promise, { clock: options.clock, signal: closing.signal }));
    if (holder === undefined) return sendRefusal(response, notArmed);
    attemptsLeft -= 1;
    if (attemptsLeft < 0) return sendRefusal(response, overBudget('turns', tooManyAttempts));
    const { price, maxTokens } = checked;
    const free = { kind: 'granted' as const, maxTokens, settle: () => undefined };
    const reserved = counting ? free : ledger.reserve({ price, bodyBytes: bytes.length, maxTokens });
    if (reserved.kind === 'refused') return sendRefusal(response, overBudget(reserved.limit, reserved.message));

    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, closing.signal]);
    const headers = forwardedHeaders(request);
    const url = joinUrl(options.targetBaseUrl, path);
    const body = checked.body(reserved.maxTokens);
    try {
      const answer = await callUpstream({ url, method: 'POST', key: holder.key, headers, body, idleMs }, signal);
      reserved.settle(
        await relayAnswer(answer, response, { maxTokens: reserved.maxTokens, holdsKey: holder.holdsKey }),
      );
    } catch (error) {
      refuseUnreachable(response, error);
      // A request that nobody waited for to the end may well be billed; else it never arrived.
      const unknown = signal.aborted || error instanceof UpstreamSilence;
      reserved.settle({ kind: unknown ? 'unknown' : 'free' });
    }
  };

  const server = http.createServer({ requestTimeout: 60_000, headersTimeout: 10_000 }, (request, response) => {
    const path = pathOf(request);
    const refusal = refusedAtTheDoor(request, path, token);
    const handled = refusal === undefined ? forward(path, request, response) : sendRefusal(response, refusal);
    // Whatever went wrong is ours; its text could hold anything, so only the fact is told.
    Promise.resolve(handled).catch(() => sendRefusal(response, ourFault));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const close = async (): Promise<void> => {
    closing.abort();
    armed = undefined;
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    arm() {
      const key = cleanKey(options.key());
      const find = knownSecretFinder({ key });
      armed = { key, holdsKey: (text) => find(text).length > 0 };
      ledger.start();
      arming.resolve(armed);
    },
    spend: () => ledger.spend(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Opening a sandbox and proving it has deadlines of its own, which are shorter. */
const longestHoldMs = 30_000;

async function inTime<T>(
  promise: Promise<T>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T | undefined> {
  const done = new AbortController();
  try {
    const late = clock.sleep(longestHoldMs, AbortSignal.any([signal, done.signal])).then(() => undefined);
    return await Promise.race([promise, late]);
  } finally {
    done.abort();
  }
}

const notArmed: Refusal = {
  status: 425,
  code: 'E300',
  message: 'the broker waits for the word that the canary was contained',
  fix: 'ask again once the run was told to start',
  retryable: true,
};

const ourFault: Refusal = {
  status: 500,
  code: 'E900',
  message: 'the broker failed while it handled this request',
  fix: 'try again; if it stays, report it with the trajectory of the run',
  retryable: true,
};

function tooLarge(limit: number): Refusal {
  return refusal(413, `the request is larger than ${limit} bytes`, 'shorten the conversation before asking again');
}

const tooManyAttempts = printBudgetRefusal('turns', 'too many requests were made without an answer');

function overBudget(limit: BudgetLimit, message: string): Refusal {
  const fix = 'raise max-turns, max-cost-usd or max-minutes, or split the issue into smaller ones';
  return { status: 402, code: 'E307', message, fix, limit };
}
