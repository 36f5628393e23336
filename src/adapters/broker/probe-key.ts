import { describeError, EntropyError } from '../../domain/error.ts';
import { cleanKey } from './model-key.ts';
import { callUpstream, joinUrl, readAtMost } from './upstream.ts';

export type KeyProbe =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'missing' | 'rejected' | 'unclear' | 'unreachable'; readonly reason: string };

export interface KeyProbeOptions {
  readonly targetBaseUrl: string;
  readonly key: string | undefined;
  readonly timeoutMs?: number;
}

/** Asks the model host whether it takes the key, with the cheapest request there is: a list of one model, no tokens. */
export async function probeKey(options: KeyProbeOptions, signal: AbortSignal): Promise<KeyProbe> {
  const { targetBaseUrl, timeoutMs = 10_000 } = options;
  const url = joinUrl(targetBaseUrl, '/v1/models');
  url.search = 'limit=1';
  try {
    const key = cleanKey(options.key);
    const headers = { 'anthropic-version': '2023-06-01' };
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const answer = await callUpstream({ url, method: 'GET', key, headers, idleMs: timeoutMs }, limited);
    await readAtMost(answer, 1_000_000);
    return judge(answer.statusCode ?? 0, url.host);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof EntropyError)) {
      return { kind: 'unreachable', reason: `${url.host} cannot be reached: ${describeError(error)}` };
    }
    return { kind: error.code === 'E301' ? 'missing' : 'rejected', reason: error.message };
  }
}

function judge(status: number, host: string): KeyProbe {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 401 || status === 403)
    return { kind: 'rejected', reason: `${host} did not accept the key (${status})` };
  // A gateway need not have this address; that says nothing about the key.
  return { kind: 'unclear', reason: `${host} answered ${status} when asked for its models` };
}
