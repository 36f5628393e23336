import { describe, expect, it } from 'vitest';
import { apiKeyToken } from '../../../../src/adapters/coordinator/caller-token.ts';
import { createCoordinatorClient } from '../../../../src/adapters/coordinator/coordinator-client.ts';
import { readEventStream } from '../../../../src/adapters/coordinator/event-stream.ts';
import type { ActivityEvent } from '../../../../src/domain/coordination/activity.ts';
import { instantClock } from '../../../fakes/instant-clock.ts';
import { cut, type HttpStep, json, type ScriptedHttp, scriptedHttp } from '../../../fakes/scripted-http.ts';

function event(seq: number): ActivityEvent {
  const change = { type: 'run.stop-requested', id: 'run-1', by: 'bob', reason: `reason ${seq}` } as const;
  return { seq, at: 1_000 + seq, actor: 'person/bob', run: 'run-1', change };
}

const wire = (...seqs: readonly number[]): string =>
  seqs.map((seq) => `id: ${seq}\nevent: run.stop-requested\ndata: ${JSON.stringify(event(seq))}\n\n`).join('');

/** Sends the text in odd pieces, then ends, or is cut in the middle. */
function stream(text: string, end: 'ends' | 'is cut' = 'ends'): HttpStep {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let at = 0; at < text.length; at += 37) response.write(text.slice(at, at + 37));
    if (end === 'ends') response.end();
    else setTimeout(() => response.socket?.destroy(), 20);
  };
}

async function follow(server: ScriptedHttp, count: number, after?: number): Promise<readonly number[]> {
  const stop = new AbortController();
  // Real time is only slept by the watch for silence; the instant clock would call everything silent.
  const clock = { ...instantClock(), sleep: async (ms: number, signal?: AbortSignal) => sleepOr(ms, signal) };
  const client = createCoordinatorClient({
    url: server.url,
    token: apiKeyToken('key'),
    userAgent: 'test',
    clock,
    newId: () => 'id',
    signal: new AbortController().signal,
    log: () => {},
  });
  const seen: number[] = [];
  for await (const { seq } of client.activity.follow(after === undefined ? {} : { after }, stop.signal)) {
    seen.push(seq);
    if (seen.length === count) stop.abort();
  }
  return seen;
}

/** Short pauses pass at once, the long watch for silence lasts until it is called off. */
async function sleepOr(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms < 20_000) return;
  await new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

describe('following the activity of a coordinator', () => {
  it('goes on after a lost connection where it stopped, without holes or repeats', async () => {
    await using server = await scriptedHttp([
      stream(`retry: 2000\n\n: hello\n\n${wire(1, 2)}`),
      cut,
      json(503, {}),
      stream(wire(2, 3, 4).slice(0, -40), 'is cut'),
      stream(wire(4, 5)),
    ]);
    expect(await follow(server, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(server.seen.map(({ headers }) => headers['last-event-id'])).toEqual(['0', '2', '2', '2', '3']);
  });

  it('begins after the position that it is given', async () => {
    await using server = await scriptedHttp([stream(wire(8, 9))]);
    expect(await follow(server, 2, 7)).toEqual([8, 9]);
    expect(server.seen[0]?.path).toBe('/v1/activity?after=7');
  });

  it('ends when it is not allowed to', async () => {
    await using server = await scriptedHttp([json(403, {})]);
    await expect(follow(server, 1)).rejects.toMatchObject({ code: 'E722' });
  });

  it('ends when what comes is no event', async () => {
    await using server = await scriptedHttp([stream('data: {"seq": "one"}\n\n')]);
    await expect(follow(server, 1)).rejects.toMatchObject({ code: 'E720' });
  });
});

describe('an event stream', () => {
  async function read(...pieces: readonly string[]) {
    const body = (async function* () {
      for (const piece of pieces) yield new TextEncoder().encode(piece);
    })();
    const events = [];
    for await (const one of readEventStream(body, () => {})) events.push(one);
    return events;
  }

  it('is read whatever ends its lines and wherever it is cut', async () => {
    expect(await read('id: 1\r', '\ndata: a\r\n', '\r\ndata:b\rdata: c\r\r', ': more')).toEqual([
      { id: '1', event: 'message', data: 'a' },
      { event: 'message', data: 'b\nc' },
    ]);
    expect(await read(': comment\n\nevent: x\ndata: ü', '\n\n', 'data: never finished')).toEqual([
      { event: 'x', data: 'ü' },
    ]);
  });

  it('that never ends an event is refused', async () => {
    const long = 'x'.repeat(1024 * 1024);
    await expect(read(`data: ${long}`, long, long, long, long)).rejects.toMatchObject({ code: 'E720' });
  });
});
