import { commented, type Delivered, labeled, labeledOf25Kb } from '../../fakes/payloads/payloads.ts';
import { signature, webhookSecret } from '../../fakes/payloads/signed-request.ts';
import { previousSecret, type Sent } from './door.ts';

/** One attack of the catalogue, and what differs from it only in being harmless. */
export interface WebhookCase {
  readonly id: 'W1' | 'W3' | 'W4' | 'W5' | 'W7' | 'W8';
  readonly title: string;
  readonly attack: Sent;
  readonly twin: Sent;
  /** Where it can be tried: what the HTTP API or an App's installation is about concerns the function alone. */
  readonly doors: 'both' | 'function';
}

let deliveries = 0;

/** As GitHub sends it: signed, with a delivery id and the name of its event. */
export function delivered(
  { event, payload }: Delivered,
  change: {
    readonly bytes?: (json: string) => Uint8Array | string;
    readonly secret?: string;
    readonly headers?: (right: string, bytes: Uint8Array) => Readonly<Record<string, string | undefined>>;
  } = {},
): Sent {
  deliveries += 1;
  // No two bodies are the same: a second one would be a repetition of the first.
  const json = JSON.stringify({ ...payload, sent: deliveries });
  const bytes = Buffer.from(change.bytes?.(json) ?? json);
  const right = signature(bytes, change.secret ?? webhookSecret);
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': `72d3162e-cc78-11e3-81ab-${String(deliveries).padStart(12, '0')}`,
    'x-hub-signature-256': right,
    ...change.headers?.(right, bytes),
  };
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { bytes, headers: Object.fromEntries(given) };
}

type Headers = (right: string, bytes: Uint8Array) => Readonly<Record<string, string | undefined>>;
const withHeaders = (headers: Headers): Sent => delivered(labeledOf25Kb(), { headers });
const withSignature = (shown: (right: string) => string | undefined): Sent =>
  withHeaders((right) => ({ 'x-hub-signature-256': shown(right) }));
/** A member put into the payload as text, so that no JSON writer mends it. */
const withMember = (member: string): Sent =>
  delivered(labeled(), { bytes: (json) => json.replace(/^\{/, `{${member},`) });
const usual = (): Sent => delivered(labeled());
const unsigned = signature('another body').slice('sha256='.length);

const signatures: readonly WebhookCase[] = [
  ['no signature', () => undefined],
  ['an empty one', () => ''],
  ['a short one', (right: string) => right.slice(0, 'sha256='.length + 32)],
  ['one without its kind', (right: string) => right.slice('sha256='.length)],
  ['one of another body', () => `sha256=${unsigned}`],
  ['one by a guessed secret', () => signature(usual().bytes, 'secret')],
  ['one by an empty secret', () => signature(usual().bytes, '')],
  ['a SHA-1 in its place', () => `sha1=${unsigned.slice(0, 40)}`],
  ['two, one of them right', (right: string) => `sha256=${unsigned}, ${right}`],
].map(([title, shown]) => ({
  id: 'W1',
  title: String(title),
  attack: withSignature(shown as (right: string) => string | undefined),
  twin: usual(),
  doors: 'both',
}));

const sha1Alone: WebhookCase = {
  id: 'W1',
  title: 'only the older header, with SHA-1',
  attack: withHeaders(() => ({ 'x-hub-signature-256': undefined, 'x-hub-signature': `sha1=${unsigned.slice(0, 40)}` })),
  twin: withHeaders(() => ({ 'x-hub-signature': `sha1=${unsigned.slice(0, 40)}` })),
  doors: 'both',
};

const forgotten: WebhookCase = {
  id: 'W1',
  title: 'a secret of two rotations ago, and the one before',
  attack: delivered(labeled(), { secret: 'the first secret, 32 characters.' }),
  twin: delivered(labeled(), { secret: previousSecret }),
  doors: 'both',
};

const names: readonly WebhookCase[] = [
  ['no delivery id', { 'x-github-delivery': undefined }],
  ['an empty delivery id', { 'x-github-delivery': '' }],
  ['a delivery id with a space in it', { 'x-github-delivery': 'a b' }],
  ['a delivery id of 5,000 characters', { 'x-github-delivery': 'a'.repeat(5_000) }],
  ['no name of the event', { 'x-github-event': undefined }],
  ['a name of no event', { 'x-github-event': '../issues' }],
].map(([title, headers]) => ({
  id: 'W3',
  title: String(title),
  attack: withHeaders(() => headers as Readonly<Record<string, string | undefined>>),
  twin: usual(),
  doors: 'both',
}));

const megabyte = 1024 * 1024;
const large: WebhookCase = {
  id: 'W4',
  title: '25 MB, signed',
  attack: delivered(labeled(), { bytes: (json) => json.replace(/^\{/, `{"pad":"${'x'.repeat(25 * megabyte)}",`) }),
  twin: delivered(labeled(), { bytes: (json) => json.replace(/^\{/, `{"pad":"${'x'.repeat(4 * megabyte)}",`) }),
  doors: 'both',
};

const members: readonly WebhookCase[] = [
  ['__proto__', '"__proto__":{"polluted":true}'],
  ['__proto__, escaped', '"\\u005f_proto__":{"polluted":true}'],
  ['constructor', '"a":{"constructor":{"prototype":{"polluted":true}}}'],
  ['arrays 100,000 deep', `"a":${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['objects 100,000 deep', `"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['100,000 levels that never end', `"a":${'['.repeat(100_000)}`],
  ['the repository twice', '"repository":{"full_name":"octo/other"}'],
].map(([title, member]) => ({
  id: 'W5',
  title: String(title),
  attack: withMember(String(member)),
  twin: delivered(commented(`/agent fix ${String(title)}: ${String(member).slice(0, 500)}`)),
  doors: 'both',
}));

const installations: readonly WebhookCase[] = [
  ['no installation', undefined],
  ['an installation that is a text', { id: '123' }],
  ['an installation below zero', { id: -1 }],
  ['a list of installations', [{ id: 123 }]],
].map(([title, installation]) => ({
  id: 'W7',
  title: String(title),
  attack: delivered({ event: 'issues', payload: { ...labeled().payload, installation } }),
  twin: usual(),
  doors: 'function',
}));

const gatewayOf = (sent: Sent, body: string, isBase64Encoded: boolean): Sent => ({
  ...sent,
  gateway: { body, isBase64Encoded },
});
const text = ({ bytes }: Sent): string => Buffer.from(bytes).toString('utf8');
const base64 = ({ bytes }: Sent): string => Buffer.from(bytes).toString('base64');

const encodings: readonly WebhookCase[] = [
  {
    id: 'W8',
    title: 'base64 that is said to be text',
    attack: ((sent: Sent) => gatewayOf(sent, base64(sent), false))(usual()),
    twin: ((sent: Sent) => gatewayOf(sent, base64(sent), true))(usual()),
    doors: 'function',
  },
  {
    id: 'W8',
    title: 'text that is said to be base64',
    attack: ((sent: Sent) => gatewayOf(sent, text(sent), true))(usual()),
    twin: ((sent: Sent) => gatewayOf(sent, text(sent), false))(usual()),
    doors: 'function',
  },
  {
    id: 'W8',
    title: 'another charset, with the bytes of that charset under the signature of the text in UTF-8',
    attack: ((sent: Sent) => ({ ...sent, bytes: Buffer.from(text(sent), 'utf16le') }))(
      withHeaders(() => ({ 'content-type': 'application/json; charset=utf-16le' })),
    ),
    twin: withHeaders(() => ({ 'content-type': 'application/json; charset=utf-16le' })),
    doors: 'both',
  },
  {
    id: 'W8',
    title: 'bytes that are no UTF-8, signed',
    attack: delivered(labeled(), {
      bytes: (json) =>
        Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])]),
    }),
    twin: delivered(labeled(), { bytes: (json) => `${json.slice(0, -1)},"ÿ":1}` }),
    doors: 'both',
  },
  {
    id: 'W8',
    title: 'a compressed body',
    attack: delivered(labeled(), {
      bytes: () => Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
      headers: () => ({ 'content-encoding': 'gzip' }),
    }),
    twin: usual(),
    doors: 'both',
  },
];

export const webhookCases: readonly WebhookCase[] = [
  ...signatures,
  sha1Alone,
  forgotten,
  ...names,
  large,
  ...members,
  ...installations,
  ...encodings,
];
