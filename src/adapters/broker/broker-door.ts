import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Refusal, refusal } from './refusal.ts';

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}

/** What is wrong with a request before its body is looked at. */
export function refusedAtTheDoor(request: IncomingMessage, path: string, token: string): Refusal | undefined {
  if (!sameSecret(presentedToken(request), token)) {
    return refusal(
      401,
      'the token of this run is missing or wrong',
      'use the address and token that the run was given',
    );
  }
  const known = path === '/v1/messages' || path === '/v1/messages/count_tokens';
  if (!known || request.method !== 'POST') {
    return refusal(404, `${request.method} ${path.slice(0, 100)} is not forwarded`, 'only POST /v1/messages is');
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined) return refusal(400, 'the request is compressed', 'send it as plain JSON');
  return undefined;
}

function presentedToken(request: IncomingMessage): string {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const header = request.headers['x-api-key'];
  return bearer ?? (typeof header === 'string' ? header : '');
}

/** Compared as digests: same length always, so that nothing is told by time. */
function sameSecret(presented: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(presented), digest(expected));
}

/** Undefined when there is more than `limit` bytes of it. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop early must not destroy the connection: the refusal still goes out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > limit) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** No other header goes out: not the client's token, not `anthropic-beta`, which can switch on what is dearer. */
export function forwardedHeaders(request: IncomingMessage): Record<string, string> {
  const version = request.headers['anthropic-version'];
  const accept = request.headers.accept;
  return {
    'content-type': 'application/json',
    'anthropic-version': typeof version === 'string' ? version : '2023-06-01',
    ...(accept === undefined ? {} : { accept }),
  };
}
