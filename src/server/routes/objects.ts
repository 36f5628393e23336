import { describeError } from '../../domain/error.ts';
import { getObject, putObject } from '../../wire/endpoints/artifacts.ts';
import type { AppParts } from '../app-options.ts';
import { forbidden, notUnderstood, type ProblemDetails } from '../problems.ts';
import { answer, missing, type OpenRoute, openRoute } from '../route.ts';

/**
 * The addresses of a store that has none of its own. Whoever shows one needs no credential: it is signed, says for which
 * object it is good, and ends.
 */
export function objectRoutes({ transfers, limits, log }: AppParts): readonly OpenRoute[] {
  /** The answer is under way when damage is found: it is broken off, and only the log tells why. */
  async function* told(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      log({ event: 'fault', fault: describeError(error) });
      throw error;
    }
  }

  return [
    openRoute(putObject, async ({ request }) => {
      if (transfers === undefined) return problem(notServed);
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(limits.transferMs)]);
      const put = await transfers.upload(tokenOf(request), bodyOf(request, signal), signal).catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (put === undefined) return problem(tooSlow(limits.transferMs));
      switch (put.kind) {
        case 'stored':
          return answer({ kind: 'stored' });
        case 'exists':
          return problem(isThere);
        case 'mismatch':
          return problem(notUnderstood(put.reason));
        case 'refused':
          return problem(forbidden(put.reason, askAgain));
        default:
          return put satisfies never;
      }
    }),
    openRoute(getObject, async ({ request }) => {
      if (transfers === undefined) return problem(notServed);
      const found = await transfers.download(tokenOf(request), request.signal);
      if (found.kind === 'refused') return problem(forbidden(found.reason, askAgain));
      if (found.kind === 'missing') return missing;
      const { bytes, contentType, sha256 } = found.object;
      const headers = {
        'content-type': contentType,
        'content-length': String(bytes),
        'content-disposition': 'attachment',
        'cache-control': 'private, no-store',
        etag: `"${sha256}"`,
      };
      return { kind: 'response', response: new Response(ReadableStream.from(told(found.body)), { headers }) };
    }),
  ];
}

function tokenOf(request: Request): string {
  return new URL(request.url).pathname.split('/').at(-1) ?? '';
}

async function* bodyOf({ body }: Request, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const stop = (): void => void reader.cancel('the transfer took too long').catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    // What is not wanted is not read to its end.
    stop();
  }
}

function problem(details: ProblemDetails): { readonly kind: 'problem'; readonly problem: ProblemDetails } {
  return { kind: 'problem', problem: details };
}

const askAgain = 'ask for a new address: POST /v1/runs/{id}/artifacts, or GET /v1/runs/{id}/artifacts/{name}';

const notServed = forbidden('this coordinator keeps no files itself', askAgain);

const isThere: ProblemDetails = {
  status: 412,
  code: 'E733',
  detail: 'something was put there already, and stays',
  fix: 'nothing to do when it was you: GET /v1/runs/{id}/artifacts tells what is there',
};

function tooSlow(ms: number): ProblemDetails {
  return {
    status: 408,
    code: 'E100',
    detail: `the file did not come within ${ms / 1_000} s`,
    fix: 'send it again, faster',
    retryable: true,
    headers: { connection: 'close' },
  };
}
