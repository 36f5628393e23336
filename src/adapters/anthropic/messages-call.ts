import type { IncomingMessage } from 'node:http';
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import { AttemptFailure, failureOfConnection, failureOfStatus, malformedReply } from './model-failure.ts';
import { type AssembledReply, assembleReply, type RawEvent } from './reply-assembly.ts';

/** Asked for, not imported: an import reads every export, and one of them loads all of `fetch` and TLS (30 ms). */
const http = process.getBuiltinModule('node:http');

export interface MessagesCall {
  readonly baseUrl: string;
  readonly authToken: string;
  readonly body: MessageCreateParamsStreaming;
  /** Longest silence of the other side, in milliseconds. */
  readonly idleMs: number;
}

const errorBytes = 64 * 1024;
const apiVersion = '2023-06-01';

/**
 * One streamed request. Throws `AttemptFailure`, or the signal's reason.
 *
 * Sent with node's own HTTP client and read with the SDK's stream decoder: the SDK's client would load all of its
 * resources and, through `fetch`, undici, which together cost 85 ms before the first request against 12 ms (docs/models.md).
 */
export async function callMessages(call: MessagesCall, signal: AbortSignal): Promise<AssembledReply> {
  signal.throwIfAborted();
  try {
    const [answer, decode] = await Promise.all([send(call, signal), loadDecoder()]);
    const status = answer.statusCode ?? 0;
    if (status !== 200) throw failureOfStatus(status, await readText(answer), answer.headers);
    const type = answer.headers['content-type'] ?? 'nothing';
    if (!type.startsWith('text/event-stream')) {
      answer.destroy();
      throw malformedReply(`a stream of events was expected, ${type.slice(0, 100)} came`);
    }
    return await assembleReply(decode(answer));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof AttemptFailure) throw error;
    throw failureOfConnection(error, new URL(call.baseUrl).host);
  }
}

async function send(call: MessagesCall, signal: AbortSignal): Promise<IncomingMessage> {
  const { baseUrl, authToken, body, idleMs } = call;
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/messages`;
  // TLS takes 6 ms to load, and the broker is reached without it.
  const client = url.protocol === 'https:' ? await import('node:https') : http;
  const bytes = Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const request = client.request(url, {
      method: 'POST',
      signal,
      headers: {
        authorization: `Bearer ${authToken}`,
        'anthropic-version': apiVersion,
        'content-type': 'application/json',
        'content-length': bytes.length,
        accept: 'text/event-stream',
      },
    });
    request.setTimeout(idleMs, () => request.destroy(new Error(`nothing was heard for ${idleMs / 1000} s`)));
    request.on('response', resolve);
    request.on('error', reject);
    request.end(bytes);
  });
}

/** Loaded with the first request, when that is on its way. */
async function loadDecoder(): Promise<(answer: IncomingMessage) => AsyncIterable<RawEvent>> {
  await new Promise((resolve) => setImmediate(resolve));
  const { Stream } = await import('@anthropic-ai/sdk/core/streaming');
  // Of the response, the decoder reads the body alone, as an async iterable of bytes, which a node stream is.
  return (answer) => Stream.rawEvents({ body: answer } as unknown as Response);
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    length += chunks.at(-1)?.length ?? 0;
    if (length >= errorBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, errorBytes);
}
