import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeError } from '../../domain/error.ts';
import { sendJson, sendRefusal } from './refusal.ts';
import type { CallEnd } from './spend-ledger.ts';
import { readAtMost, relayedHeaders, UpstreamSilence } from './upstream.ts';
import { createJsonMeter, createStreamMeter } from './usage-meter.ts';

const errorBytes = 64 * 1024;
const errorText = 2_000;

/** Passes an answer on as it comes and tells what it cost. Never throws: what breaks ends the client's answer. */
export async function relayAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  context: { readonly maxTokens: number; readonly holdsKey: (text: string) => boolean },
): Promise<CallEnd> {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    answer.destroy();
    refuseAnswer(response, `the model host answered with a redirect (${status}), which is not followed with the key`);
    return { kind: 'free' };
  }
  if (status >= 400) {
    await relayError(answer, response, context.holdsKey);
    return { kind: 'free' };
  }
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    answer.destroy();
    refuseAnswer(response, `the model host compressed its answer (${encoding}) although it was asked not to`);
    return { kind: 'unknown' };
  }
  const streamed = answer.headers['content-type']?.startsWith('text/event-stream') === true;
  const meter = streamed ? createStreamMeter(context.maxTokens) : createJsonMeter();
  response.writeHead(status, relayedHeaders(answer.headers));
  response.flushHeaders();
  try {
    for await (const chunk of answer) {
      meter.see(chunk as Uint8Array);
      if (!response.write(chunk)) await once(response, 'drain', { signal: closed(response) });
    }
    response.end();
  } catch {
    // Broken on either side: the client sees a broken answer, and what was said until then is charged.
    response.destroy();
  }
  return meter.end();
}

/** The answer could not be had at all. */
export function refuseUnreachable(response: ServerResponse, error: unknown): void {
  const silent = error instanceof UpstreamSilence;
  sendRefusal(response, {
    status: silent ? 504 : 502,
    code: 'E300',
    message: `the model host cannot be reached: ${describeError(error)}`,
    fix: 'check the network and ANTHROPIC_BASE_URL; trying again may help',
    retryable: true,
  });
}

async function relayError(
  answer: IncomingMessage,
  response: ServerResponse,
  holdsKey: (text: string) => boolean,
): Promise<void> {
  const text = await readAtMost(answer, errorBytes).then(
    (bytes) => bytes.toString('utf8'),
    () => '',
  );
  const { type, message } = readError(text);
  // Nothing of an error page is passed on but two texts, and those only without the key: gateways echo requests.
  const safe = !holdsKey(`${type} ${message}`) && !holdsKey(text);
  const error = safe ? { type, message } : { type: 'api_error', message: 'withheld: the answer repeated the key' };
  const headers = safe ? errorHeaders(answer, holdsKey) : {};
  sendJson(response, { status: answer.statusCode ?? 502, value: { type: 'error', error }, headers });
}

function errorHeaders(answer: IncomingMessage, holdsKey: (text: string) => boolean): Record<string, string> {
  const headers = relayedHeaders(answer.headers);
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => !holdsKey(value)));
}

function readError(text: string): { type: string; message: string } {
  const fallback = { type: 'api_error', message: text.trim().slice(0, errorText) || 'an error without a text' };
  try {
    const value = JSON.parse(text) as { error?: { type?: unknown; message?: unknown } } | null;
    const { type, message } = value?.error ?? {};
    if (typeof type !== 'string' || typeof message !== 'string') return fallback;
    return { type: type.slice(0, 100), message: message.slice(0, errorText) };
  } catch {
    // A gateway's own page rather than the API's JSON.
    return fallback;
  }
}

function refuseAnswer(response: ServerResponse, message: string): void {
  const fix = 'let ANTHROPIC_BASE_URL name the address that answers itself, without redirects and compression';
  sendRefusal(response, { status: 502, code: 'E300', message, fix });
}

function closed(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}
