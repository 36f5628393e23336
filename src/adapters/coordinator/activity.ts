import type { ActivityEvent } from '../../domain/coordination/activity.ts';
import { EntropyError } from '../../domain/error.ts';
import type { ActivityFilter, ActivityLog } from '../../ports/activity-log.ts';
import { activityEvent } from '../../wire/activity.ts';
import { readActivity } from '../../wire/endpoints/activity.ts';
import { wireHeaders } from '../../wire/headers.ts';
import { lenient } from '../../wire/lenient.ts';
import { wireLimits } from '../../wire/limits.ts';
import { queryString } from '../../wire/query-string.ts';
import type { CoordinatorApi } from './coordinator-api.ts';
import { answerError, unexpectedAnswer, unreachable } from './coordinator-error.ts';
import { readEventStream } from './event-stream.ts';
import { readBounded } from './read-bounded.ts';

const asked = 'GET /v1/activity';
/** Between two signs of life; the coordinator sends a comment more often than that. */
const silenceMs = 60_000;
/** Without a connection for so long it is given up. */
const giveUpMs = 5 * 60_000;

/** What happened at a coordinator. Following goes on after a lost connection where it stopped, without holes or repeats. */
export function createCoordinatorActivity(api: CoordinatorApi): ActivityLog {
  return {
    read: async (filter) => {
      const query = { ...queryOf(filter), limit: Math.min(filter.limit, wireLimits.pageItems) };
      return (await api.call(readActivity, { query })).value.events;
    },
    follow: (filter, signal) => follow(api, filter, signal),
  };
}

function queryOf({ after, since, task, run, actor, taskPrefix }: Omit<ActivityFilter, 'limit'>) {
  return {
    ...(after !== undefined && { after }),
    ...(since !== undefined && { since }),
    ...(task !== undefined && { task }),
    ...(run !== undefined && { run }),
    ...(actor !== undefined && { actor }),
    ...(taskPrefix !== undefined && { prefix: taskPrefix }),
  };
}

async function* follow(
  { options }: CoordinatorApi,
  filter: Omit<ActivityFilter, 'limit' | 'since'>,
  caller: AbortSignal,
): AsyncIterable<ActivityEvent> {
  const { url, clock, log } = options;
  const places = { label: asked, url };
  const signal = AbortSignal.any([caller, options.signal]);
  const schema = lenient(activityEvent);
  let position = filter.after ?? 0;
  let heardAt = clock.monotonic();
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const { data } of connect(options, { ...filter, after: position }, signal, () => {
        heardAt = clock.monotonic();
        failures = 0;
      })) {
        const read = schema.safeParse(parse(data));
        if (!read.success) throw unexpectedAnswer('holds an event that this version does not understand', places);
        // Told again after a lost connection: known already.
        if (read.data.seq <= position) continue;
        position = read.data.seq;
        yield read.data;
      }
    } catch (error) {
      if (signal.aborted) return;
      const final = error instanceof EntropyError && !error.retryable;
      if (final || clock.monotonic() - heardAt > giveUpMs) {
        throw error instanceof EntropyError ? error : unreachable(error, places);
      }
    }
    if (signal.aborted) return;
    failures += 1;
    const pause = Math.min(15_000, 250 * 2 ** Math.min(failures, 10));
    log(`${asked}: the stream ended; going on after ${position} in ${Math.ceil(pause / 1_000)} s`);
    await clock.sleep(pause, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

async function* connect(
  options: CoordinatorApi['options'],
  filter: Omit<ActivityFilter, 'limit'>,
  signal: AbortSignal,
  heard: () => void,
) {
  const { url, token, clock, userAgent } = options;
  const quiet = new AbortController();
  const watch = new AbortController();
  let last = clock.monotonic();
  const alive = (): void => {
    last = clock.monotonic();
    heard();
  };
  const watching = untilSilent(() => last, options, watch.signal).then((silent) => {
    if (silent) quiet.abort(new Error(`nothing was heard for ${silenceMs / 1_000} s`));
  });
  try {
    const headers = {
      accept: 'text/event-stream',
      authorization: `Bearer ${await token.current(signal)}`,
      'user-agent': userAgent,
      [wireHeaders.lastEventId]: String(filter.after ?? 0),
    };
    const answer = await (options.fetch ?? globalThis.fetch)(`${url}/v1/activity${queryString(queryOf(filter))}`, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, quiet.signal]),
    });
    const type = answer.headers.get('content-type') ?? '';
    if (answer.status !== 200 || !type.startsWith('text/event-stream')) {
      const text = await readBounded(answer, 1024 * 1024);
      // An OIDC token that ran out while the stream was open is renewed once.
      const mayPass = answer.status === 401 && token.renew();
      const error = answerError(
        { status: answer.status, headers: answer.headers, text, data: parse(text) },
        {
          label: asked,
          url,
        },
      );
      throw mayPass || answer.status === 429 ? retryable(error) : error;
    }
    alive();
    if (answer.body !== null) yield* readEventStream(answer.body, alive);
  } finally {
    watch.abort();
    await watching;
  }
}

/** True when nothing was heard for too long, false when nobody waits any more. */
async function untilSilent(
  last: () => number,
  { clock }: CoordinatorApi['options'],
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    const left = last() + silenceMs - clock.monotonic();
    if (left <= 0) return true;
    await clock.sleep(left, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  return false;
}

function retryable(error: EntropyError): EntropyError {
  const { code, message, fix, cause } = error;
  return new EntropyError({ code, message, fix, cause, retryable: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the reader's schema says so.
    return undefined;
  }
}
