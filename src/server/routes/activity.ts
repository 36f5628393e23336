import { type Caller, callerId, prefixWithin } from '../../domain/access/caller.ts';
import type { QueryOf } from '../../wire/endpoint.ts';
import { readActivity } from '../../wire/endpoints/activity.ts';
import { wireHeaders } from '../../wire/headers.ts';
import { wireLimits } from '../../wire/limits.ts';
import type { AppParts } from '../app-options.ts';
import { eventStream } from '../event-stream.ts';
import { notUnderstood, type ProblemDetails, tooManyRequests } from '../problems.ts';
import { type Asked, answer, type Reply, type Route, route } from '../route.ts';
import { tooWide } from '../too-wide.ts';

export function activityRoutes(parts: AppParts): readonly Route[] {
  const { activity } = parts.coordination;
  const streams = createStreamCount(parts);
  return [
    route(
      readActivity,
      ({ query }) => ({ keys: query.task === undefined ? [] : [query.task] }),
      async (asked) => {
        const { query, caller, headers } = asked;
        const { task, run, actor, since, limit = wireLimits.pageItemsDefault } = query;
        const within = prefixWithin(caller, query.prefix ?? task);
        if (within.kind === 'refused') return tooWide(within.choices);
        const taskPrefix = within.prefix === task ? undefined : within.prefix;
        const filter = {
          ...(task !== undefined && { task }),
          ...(run !== undefined && { run }),
          ...(actor !== undefined && { actor }),
          ...(taskPrefix !== undefined && { taskPrefix }),
        };
        const after = positionOf(query, headers);
        if (after.kind === 'problem') return after;
        if (!wantsStream(headers)) {
          const events = await activity.read({
            ...filter,
            ...after.filter,
            ...(since !== undefined && { since }),
            limit,
          });
          return answer({ events });
        }
        // Following knows positions only: the moment is looked up once.
        const [first] = since === undefined ? [] : await activity.read({ ...filter, since, limit: 1 });
        const begin = Math.max(after.filter.after ?? 0, first === undefined ? 0 : first.seq - 1);
        // The last thing before the stream is there to give it back.
        const place = streams.open(caller);
        if (place === undefined) return { kind: 'problem', problem: tooManyRequests(10_000) };
        return follow(parts, asked, { filter: { ...filter, after: begin }, closed: place.close });
      },
    ),
  ];
}

interface Followed {
  readonly filter: Parameters<AppParts['coordination']['activity']['follow']>[0];
  readonly closed: () => void;
}

function follow(parts: AppParts, { requestSignal }: Asked<typeof readActivity>, { filter, closed }: Followed) {
  const { clock, limits, stopping, coordination } = parts;
  const left = new AbortController();
  const signal = AbortSignal.any([requestSignal, stopping, left.signal, AbortSignal.timeout(limits.streamLifeMs)]);
  const stream = eventStream({
    events: coordination.activity.follow(filter, signal),
    clock,
    heartbeatMs: limits.streamHeartbeatMs,
    stallMs: limits.streamStallMs,
    endsWhenQuiet: limits.streamEnds === 'quiet',
    signal,
    closed: () => {
      left.abort();
      closed();
    },
  });
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  return { kind: 'response', response: new Response(stream, { headers }) } satisfies Reply<typeof readActivity>;
}

function wantsStream(headers: Headers): boolean {
  return (headers.get('accept') ?? '').split(',').some((type) => type.trim().startsWith('text/event-stream'));
}

type Position =
  | { readonly kind: 'position'; readonly filter: { readonly after?: number } }
  | { readonly kind: 'problem'; readonly problem: ProblemDetails };

/** A browser that connects anew tells how far it came; that counts more than the address that it asks. */
function positionOf({ after }: QueryOf<typeof readActivity>, headers: Headers): Position {
  const last = headers.get(wireHeaders.lastEventId);
  if (last === null || last === '') {
    return { kind: 'position', filter: after === undefined ? {} : { after } };
  }
  if (!/^[0-9]{1,15}$/.test(last)) return { kind: 'problem', problem: notUnderstood('Last-Event-ID is no position') };
  return { kind: 'position', filter: { after: Number(last) } };
}

/** How many streams are open, in all and for each caller. */
function createStreamCount({ limits }: AppParts): { open(caller: Caller): { close(): void } | undefined } {
  const open = new Map<string, number>();
  let all = 0;
  return {
    open: (caller) => {
      const id = callerId(caller);
      const own = open.get(id) ?? 0;
      if (all >= limits.streams || own >= limits.streamsPerCaller) return undefined;
      all += 1;
      open.set(id, own + 1);
      return {
        close: () => {
          all -= 1;
          const left = (open.get(id) ?? 1) - 1;
          if (left === 0) open.delete(id);
          else open.set(id, left);
        },
      };
    },
  };
}
