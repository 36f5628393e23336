import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { StoredArtifact } from '../../domain/artifact.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { verifiedBody } from '../../domain/object-body.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TransferUrl } from '../../ports/object-store.ts';
import type { UploadOptions } from '../../ports/run-artifacts.ts';

interface Sending extends UploadOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** For one attempt. */
  readonly attemptMs: number;
}

const maxAttempts = 3;
const pieceBytes = 256 * 1024;

/**
 * Puts the bytes where the signed address says, again after a fault of the other side or a lost connection. `exists`: they
 * are there already, as after an answer that was lost.
 */
export async function putObject(
  transfer: TransferUrl,
  body: Uint8Array,
  sending: Sending,
): Promise<'stored' | 'exists'> {
  const { clock, signal } = sending;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    const tried = await put(transfer, body, sending).catch((error: unknown) => {
      signal.throwIfAborted();
      return { fault: error };
    });
    if (typeof tried === 'number') {
      if (tried >= 200 && tried < 300) return 'stored';
      if (tried === 412) return 'exists';
    }
    const mayPass = typeof tried !== 'number' || tried >= 500 || tried === 429 || tried === 408;
    if (!mayPass || attempt >= maxAttempts) throw unsent(transfer, tried);
    await clock.sleep(500 * 2 ** attempt, signal);
  }
}

/** With its length said before, as S3 wants it, and told in pieces: `fetch` does either. */
function put({ url, headers }: TransferUrl, body: Uint8Array, sending: Sending): Promise<number> {
  const { onProgress, attemptMs } = sending;
  const signal = AbortSignal.any([sending.signal, AbortSignal.timeout(attemptMs)]);
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = open(url, { method: 'PUT', headers, signal }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    const write = (from: number): void => {
      const to = Math.min(body.length, from + pieceBytes);
      const next = (error?: Error | null): void => {
        // Who answers before the end wants no more; the answer says why.
        if (error != null || sent.destroyed) return;
        onProgress?.(to);
        if (to < body.length) write(to);
        else sent.end();
      };
      sent.write(body.subarray(from, to), next);
    };
    if (body.length === 0) sent.end();
    else write(0);
  });
}

/** Gives the bytes and throws E750 after the last when they are not those of the artifact. */
export async function* getObject(
  send: typeof fetch,
  { transfer, artifact }: { readonly transfer: TransferUrl; readonly artifact: StoredArtifact },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { url, headers } = transfer;
  const answer = await send(url, { headers, redirect: 'manual', signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unsent(transfer, { fault: error });
  });
  if (!answer.ok || answer.body === null) throw unsent(transfer, answer.status);
  const hash = createHash('sha256');
  const digest = { update: (chunk: Uint8Array) => hash.update(chunk), hex: () => hash.digest('hex') };
  const { name: key, bytes, sha256 } = artifact;
  const body: AsyncIterable<Uint8Array> = answer.body;
  yield* verifiedBody(body, { key, version: 'that was downloaded', bytes, sha256 }, { digest });
}

/** The address is a credential, so only its host is told. */
function unsent({ method, url }: TransferUrl, tried: number | { readonly fault: unknown }): EntropyError {
  const { host } = new URL(url);
  const status = typeof tried === 'number' ? tried : undefined;
  const what = status === undefined ? 'could not be reached' : `answered ${status}`;
  return new EntropyError({
    code: status === undefined ? 'E723' : 'E720',
    message: `${method} of a file of the run: the store at ${host} ${what}`,
    fix: 'try again; if it stays so, check that this machine reaches the store and that its clock is right',
    retryable: status === undefined || status >= 500,
    ...(typeof tried === 'object' && { cause: tried.fault, why: describeError(tried.fault) }),
  });
}
