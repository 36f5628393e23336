import { createHmac } from 'node:crypto';
import { cutPayload } from '../../../src/adapters/github/cut-payload.ts';
import { readForgeEvent } from '../../../src/adapters/github/forge-event.ts';
import { sendProblem } from '../../../src/domain/coordination/queue-rules.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import type { Received } from '../../../src/flows/receive-delivery.ts';
import { receiveDelivery } from '../../../src/flows/receive-delivery.ts';
import type { QueuedWork } from '../../../src/ports/task-queue.ts';
import { type Delivered, everyDelivery } from '../../fakes/payloads/payloads.ts';
import { type Draw, drawFrom } from '../../fakes/seeded-numbers.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

export interface HammerResult {
  readonly failures: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

const secret = 'a secret that nobody guesses';
const odd = [
  ...[
    '"',
    '\\',
    '\\u0000',
    '\\ud800',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    'null',
    '1e999',
    '-',
    ' ',
    '\n',
    '\0',
    '\ufeff',
    '😀',
    'İ',
  ],
  ...[
    '"__proto__":1,',
    '"constructor":{},',
    '"repository":{},',
    '"action":"labeled",',
    '"installation":{"id":0},',
    '%',
    '&',
    '+',
    '=',
  ],
];
const values: readonly unknown[] = [
  null,
  '',
  'x',
  0,
  -1,
  1.5,
  1e300,
  true,
  [],
  {},
  [[]],
  { login: 'x' },
  { full_name: 'octo/slug' },
];
const contentTypes = [
  'application/json',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'text/plain',
  '',
];

/** Payloads without what is only there to be left out, so that what is changed in them is what is read. */
const bare: readonly Delivered[] = everyDelivery().map(({ event, payload }) => ({
  event,
  payload: {
    ...shortened(payload),
    repository: { full_name: 'octo/slug' },
    sender: { login: 'mona', type: 'User' },
    installation: { id: 1 },
  },
}));

/** Requests by the million, most of them signed: each is answered, and what is queued is what may be queued. */
export async function hammerReceiver(count: number, seed: number): Promise<HammerResult> {
  const draw = drawFrom(seed);
  const failures: string[] = [];
  const outcomes: Record<string, number> = {
    queued: 0,
    ignored: 0,
    'not-signed': 0,
    'not-understood': 0,
    'media-type': 0,
    'too-large': 0,
  };
  let [slowestMs, sent]: [number, QueuedWork | undefined] = [0, undefined];
  const door = {
    secrets: { current: async () => [secret], reread: async () => undefined },
    cut: cutPayload,
    owners: [{ login: 'octo' }],
    queue: {
      send: async (work: QueuedWork) => {
        sent = work;
        return 'sent' as const;
      },
    },
    clock: simulatedClock(),
  };
  for (let index = 0; index < count && failures.length < 20; index += 1) {
    const request = requestOf(draw);
    sent = undefined;
    const started = performance.now();
    const received = await receiveDelivery(door, request.incoming).catch((error: unknown) => error);
    slowestMs = Math.max(slowestMs, performance.now() - started);
    const problem = problemOf({ received, sent, signed: request.signed });
    if (problem !== undefined) failures.push(`${problem}: ${JSON.stringify(request.incoming).slice(0, 600)}`);
    const outcome = outcomeOf(received);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return { failures, figures: { requests: count, ...outcomes, slowestMs: Math.round(slowestMs) } };
}

function problemOf(seen: {
  readonly received: unknown;
  readonly sent: QueuedWork | undefined;
  readonly signed: boolean;
}) {
  const { received, sent, signed } = seen;
  if (received instanceof Error || !isReceived(received)) return `it threw ${received}`;
  if ('polluted' in {} || Object.keys(Object.prototype).length > 0) return 'every object was changed';
  if (!signed && (received.kind !== 'refused' || received.why !== 'not-signed'))
    return 'it was believed without a signature';
  if ((received.kind === 'queued') !== (sent !== undefined))
    return `it was ${received.kind}, and the queue knows otherwise`;
  if (sent === undefined) return undefined;
  const refused = sendProblem(sent);
  if (refused !== undefined) return refused;
  const { event, payload } = JSON.parse(JSON.stringify(sent.body));
  if (/"[a-z_]*url":"(?!\/repos\/)/.test(JSON.stringify(payload))) return 'an address was queued';
  try {
    readForgeEvent({ event, payload });
  } catch (error) {
    if (!(error instanceof EntropyError && error.code === 'E103')) return `its reader threw ${error}`;
  }
  return undefined;
}

function requestOf(draw: Draw) {
  const { event, payload } = draw.one(bare);
  const json = changedText(draw, JSON.stringify(draw.chance(0.6) ? changedValue(draw, payload) : payload));
  const contentType = draw.chance(0.85) ? 'application/json' : draw.one(contentTypes);
  const isForm = contentType.includes('form') && draw.chance(0.8);
  const text = isForm ? `payload=${draw.chance(0.9) ? encodeURIComponent(json.toWellFormed()) : json}` : json;
  const bytes = draw.chance(0.02) ? Buffer.from(text, 'latin1') : Buffer.from(text);
  const signed = draw.chance(0.9);
  const digest = createHmac('sha256', signed ? secret : draw.one(['', 'guess', `${secret} `]))
    .update(bytes)
    .digest('hex');
  const encoding = draw.chance(0.5) || !bytes.equals(Buffer.from(bytes.toString('utf8'))) ? 'base64' : 'utf8';
  const headers = {
    'content-type': contentType,
    'x-github-event': draw.chance(0.95)
      ? event
      : draw.one(['issues', 'ping', 'push', 'constructor', '', 'İ', 'issue_comment']),
    'x-github-delivery': draw.chance(0.98)
      ? `delivery-${draw.below(1e9)}`
      : draw.one(['', ' ', 'a b', '\n', 'x'.repeat(200)]),
    'x-hub-signature-256': `sha256=${digest}`,
  };
  return { signed, incoming: { headers, body: { text: bytes.toString(encoding), encoding } as const } };
}

function changedText(draw: Draw, json: string): string {
  let text = json;
  for (let edits = draw.chance(0.5) ? 1 + draw.below(3) : 0; edits > 0; edits -= 1) {
    const at = draw.below(text.length + 1);
    text = `${text.slice(0, at)}${draw.chance(0.7) ? draw.one(odd) : ''}${text.slice(at + draw.below(4))}`;
  }
  return text;
}

/** One member, at any depth, replaced by something else or taken away. */
function changedValue(draw: Draw, object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = Object.keys(object);
  if (names.length === 0) return { x: 1 };
  const name = draw.one(names);
  const { [name]: inner, ...others } = object;
  const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
  if (isObject && draw.chance(0.6)) return { ...object, [name]: changedValue(draw, { ...inner }) };
  return draw.chance(0.2) ? others : { ...object, [name]: draw.one(values) };
}

/** Addresses and long texts shortened; every member stays. */
function shortened(value: unknown): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(value, (name, inner: unknown) =>
      name === '_links' ? undefined : typeof inner === 'string' ? inner.slice(0, 60) : inner,
    ),
    (name, inner: unknown) =>
      /^(?:.*_url|organization|repo|reactions|node_id)$/.test(name) && name !== 'repository_url' ? undefined : inner,
  );
}

function isReceived(value: unknown): value is Received {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

function outcomeOf(value: unknown): string {
  if (!isReceived(value)) return 'threw';
  return value.kind === 'refused' ? value.why : value.kind;
}
