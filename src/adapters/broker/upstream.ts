import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { http } from './node-http.ts';

export interface UpstreamCall {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Longest silence, before the answer and within it. */
  readonly idleMs: number;
}

/** `https://gateway.example/team/` and `/v1/messages` → `https://gateway.example/team/v1/messages`. */
export function joinUrl(baseUrl: string, path: string): URL {
  const base = new URL(baseUrl);
  const url = new URL(base.origin);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`;
  return url;
}

/**
 * Sends one request to the model host with the key, and to no other: node's client follows no redirects. Resolves with
 * the head of the answer; a silence longer than `idleMs` destroys the answer with `UpstreamSilence`.
 */
export async function callUpstream(call: UpstreamCall, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method, key, headers, body, idleMs } = call;
  const client = url.protocol === 'https:' ? await import('node:https') : http;
  return new Promise((resolve, reject) => {
    const request = client.request(url, {
      method,
      signal,
      headers: {
        ...headers,
        'x-api-key': key,
        // Compressed answers could not be metered as they pass.
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-length': body.length }),
      },
    });
    request.setTimeout(idleMs, () => request.destroy(new UpstreamSilence(idleMs)));
    request.on('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

export class UpstreamSilence extends Error {
  override readonly name = 'UpstreamSilence';
  constructor(idleMs: number) {
    super(`the model host said nothing for ${Math.round(idleMs / 1000)} s`);
  }
}

/** The headers of an answer that tell a client when and whether to try again; cookies and addresses stay here. */
export function relayedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const names = ['content-type', 'request-id', 'retry-after', 'retry-after-ms', 'x-should-retry'];
  const relayed = Object.entries(headers).filter(
    ([name, value]) => typeof value === 'string' && (names.includes(name) || name.startsWith('anthropic-ratelimit-')),
  );
  return Object.fromEntries(relayed.map(([name, value]) => [name, String(value)]));
}

/** At most `limit` bytes of an answer; the rest is not waited for. */
export async function readAtMost(answer: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    length += chunks.at(-1)?.length ?? 0;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}
