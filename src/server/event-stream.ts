import type { ActivityEvent } from '../domain/coordination/activity.ts';
import type { Clock } from '../ports/clock.ts';

export interface EventStreamOptions {
  readonly events: AsyncIterable<ActivityEvent>;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  /** A reader that takes nothing for this long has gone, whatever its connection says. */
  readonly stallMs: number;
  /** Where nobody hears anything before the end: it ends when something was sent and nothing more comes. */
  readonly endsWhenQuiet: boolean;
  /** Ends the stream: the caller has gone, or the process is about to. */
  readonly signal: AbortSignal;
  readonly closed: () => void;
}

/**
 * Activity as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). The next event is read
 * from the store when the reader has taken the one before, so a slow reader costs one event of memory, not a backlog.
 */
export function eventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { clock, heartbeatMs, signal, closed } = options;
  const iterator = options.events[Symbol.asyncIterator]();
  const over = new AbortController();
  let next: Promise<IteratorResult<ActivityEvent>> | undefined;
  let stall: NodeJS.Timeout | undefined;
  let sent = 0;

  const end = (): void => {
    if (over.signal.aborted) return;
    over.abort();
    clearTimeout(stall);
    signal.removeEventListener('abort', end);
    closed();
  };
  signal.addEventListener('abort', end, { once: true });
  // Whoever had gone before this is not heard of again.
  if (signal.aborted) end();

  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        controller.enqueue(encoder.encode(`retry: ${reconnectMs}\n\n`));
      },
      pull: async (controller) => {
        clearTimeout(stall);
        if (!over.signal.aborted && !signal.aborted) {
          next ??= iterator.next();
          const first = await Promise.race([next, quiet(clock, heartbeatMs, over.signal)]);
          if (first === 'quiet' && options.endsWhenQuiet && sent > 0) {
            end();
          } else if (first === 'quiet' && !over.signal.aborted) {
            controller.enqueue(encoder.encode(': still here\n\n'));
          } else if (first !== 'quiet' && first.done !== true) {
            next = undefined;
            sent += 1;
            controller.enqueue(encoder.encode(eventText(first.value)));
          } else {
            end();
          }
        }
        if (over.signal.aborted || signal.aborted) {
          end();
          controller.close();
          return;
        }
        stall = setTimeout(() => {
          end();
          controller.error(new DOMException('the reader of the stream takes nothing', 'TimeoutError'));
        }, options.stallMs);
        stall.unref();
      },
      cancel: end,
    },
    new CountQueuingStrategy({ highWaterMark: 1 }),
  );
}

/** A connection that ended is opened anew after this. */
const reconnectMs = 2_000;
const encoder = new TextEncoder();

function eventText(event: ActivityEvent): string {
  return `id: ${event.seq}\nevent: ${event.change.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

async function quiet(clock: Clock, ms: number, over: AbortSignal): Promise<'quiet'> {
  await clock.sleep(ms, over).catch((error: unknown) => {
    if (!over.aborted) throw error;
  });
  return 'quiet';
}
