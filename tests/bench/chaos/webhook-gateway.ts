import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createSlots } from '../../../src/embedded/runner/run/slots.ts';
import { type Draw, drawFrom } from '../../fakes/seeded-numbers.ts';

/** What GitHub sent, by the hash of its body. */
export interface SentDelivery {
  readonly sha256: string;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface GatewayCounts {
  /** At the stack's webhook, everything counted. */
  deliveries: number;
  refused: number;
  answerLost: number;
  heldBack: number;
  repeated: number;
  /** The same body under another delivery id. */
  renamed: number;
  redelivered: number;
}

/** Between GitHub and the stack's webhook: repeats, holds back, renames, loses. */
export interface WebhookGateway extends AsyncDisposable {
  readonly url: string;
  leadTo(url: string): void;
  readonly sent: ReadonlyMap<string, SentDelivery>;
  readonly counts: Readonly<GatewayCounts>;
  /** Requests that are under way, held back ones too. */
  readonly atWork: () => number;
  /** What was kept for later is sent now. */
  sendLate(): Promise<void>;
  end(): void;
}

const shares = { refused: 0.03, answerLost: 0.02, heldBack: 0.15, repeated: 0.14, late: 0.12, renamed: 0.5 };
/** GitHub sends again when it is asked, three times at most; the way there is broken less often than that. */
const maxRefused = 2;
const longestHoldMs = 1_500;
/** More at once than this the stand-in of SQS, which does one thing at a time, does not answer in the time of the function. */
const atOnce = 12;

interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer<ArrayBuffer>;
}

export async function startGateway(seed: number): Promise<WebhookGateway> {
  const draw = drawFrom(seed);
  const counts: GatewayCounts = {
    ...{ deliveries: 0, refused: 0, answerLost: 0, heldBack: 0, repeated: 0, renamed: 0, redelivered: 0 },
  };
  const sent = new Map<string, SentDelivery>();
  const refused = new Map<string, number>();
  const ids = new Set<string>();
  const closing = new AbortController();
  let late: Delivery[] = [];
  let target = '';
  let atWork = 0;
  let isOver = false;

  const slots = createSlots(atOnce);
  const forward = async ({ headers, body }: Delivery): Promise<number> => {
    counts.deliveries += 1;
    atWork += 1;
    const free = await slots.take(closing.signal);
    try {
      const answer = await fetch(target, { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 502;
    } finally {
      free();
      atWork -= 1;
    }
  };

  const take = async (delivery: Delivery): Promise<number> => {
    const id = delivery.headers['x-github-delivery'] ?? '';
    if (ids.has(id)) counts.redelivered += 1;
    ids.add(id);
    note(sent, delivery);
    if (isOver) return forward(delivery);
    const before = refused.get(id) ?? 0;
    if (before < maxRefused && draw.chance(shares.refused)) {
      refused.set(id, before + 1);
      counts.refused += 1;
      return 503;
    }
    if (draw.chance(shares.repeated)) {
      counts.repeated += 1;
      forward(delivery).catch(() => undefined);
    }
    if (draw.chance(shares.late)) late.push(delivery);
    if (draw.chance(shares.heldBack)) {
      counts.heldBack += 1;
      await delay(draw.below(longestHoldMs));
    }
    const status = await forward(delivery);
    if (before >= maxRefused || !draw.chance(shares.answerLost)) return status;
    refused.set(id, before + 1);
    counts.answerLost += 1;
    return 504;
  };

  const server = createServer((request, response) => {
    atWork += 1;
    readDelivery(request)
      .then(take)
      .then(
        (status) => response.writeHead(status).end(),
        () => response.destroy(),
      )
      .finally(() => {
        atWork -= 1;
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the gateway has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    leadTo: (url) => {
      target = url;
    },
    ...{ sent, counts },
    atWork: () => atWork,
    sendLate: async () => {
      const kept = late;
      late = [];
      await Promise.all(kept.map((delivery) => forward(again(draw, counts, delivery))));
    },
    end: () => {
      isOver = true;
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort(new Error('the gateway is closed'));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The body alone is signed: who sends it under another id is believed so far. */
function again(draw: Draw, counts: GatewayCounts, { headers, body }: Delivery): Delivery {
  if (!draw.chance(shares.renamed)) {
    counts.repeated += 1;
    return { headers, body };
  }
  counts.renamed += 1;
  return { headers: { ...headers, 'x-github-delivery': randomUUID() }, body };
}

function note(sent: Map<string, SentDelivery>, { headers, body }: Delivery): void {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const payload = JSON.parse(body.toString('utf8')) as SentDelivery['payload'];
  sent.set(sha256, { sha256, event: headers['x-github-event'] ?? '', payload });
}

async function readDelivery(request: IncomingMessage): Promise<Delivery> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return { headers: carried(request.headers), body: Buffer.concat(chunks) };
}

function carried(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => name.startsWith('x-') || /^(?:content-type|user-agent)$/.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
