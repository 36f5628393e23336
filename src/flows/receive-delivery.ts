import { createHash } from 'node:crypto';
import { type AllowedOwner, isAllowedOwner } from '../domain/access/allowed-owner.ts';
import type { ClaimKey } from '../domain/claim.ts';
import { queueRules } from '../domain/coordination/queue-rules.ts';
import { repositoryIn } from '../domain/dispatch/delivery-repository.ts';
import { deliveryRules } from '../domain/dispatch/delivery-rules.ts';
import { dispatcherRole } from '../domain/dispatch/dispatcher-role.ts';
import type { TextPlace } from '../domain/dispatch/omitted-text.ts';
import type { QueuedDelivery } from '../domain/dispatch/queued-message.ts';
import { deliveryTraceparent } from '../domain/dispatch/traceparent.ts';
import { isCount, isObject } from '../domain/json-shape.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskQueue } from '../ports/task-queue.ts';
import { bodyBytes, bodySize, type EncodedBody, readDeliveryBody } from './delivery-body.ts';
import { jsonBytes, omitTexts } from './omit-texts.ts';
import { isSigned } from './webhook-signature.ts';

type Payload = Readonly<Record<string, unknown>>;

/** One request to the address of the webhook. Names of headers in lower case. */
export interface IncomingDelivery {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: EncodedBody;
}

export interface WebhookSecrets {
  /** The one of now and, while it is rotated, the one before. */
  current(): Promise<readonly string[]>;
  /** Asked for again, in case they were rotated a moment ago; undefined when they were read just now. */
  reread(): Promise<readonly string[] | undefined>;
}

export interface DeliveryDoor {
  readonly secrets: WebhookSecrets;
  /** What is read of a payload later, and what it is about. */
  readonly cut: (
    event: string,
    payload: Payload,
    repository: string,
  ) =>
    | { readonly kind: 'cut'; readonly payload: Payload; readonly task: ClaimKey; readonly texts: readonly TextPlace[] }
    | { readonly kind: 'ignored'; readonly reason: string }
    | { readonly kind: 'other-event'; readonly reason: string };
  /** Whose repositories count; empty: of everybody who installed the App. */
  readonly owners: readonly AllowedOwner[];
  readonly queue: Pick<TaskQueue, 'send'>;
  readonly clock: Clock;
}

export type Received = Named &
  (
    | { readonly kind: 'queued'; readonly task: ClaimKey }
    /** Believed, and nothing follows from it. */
    | { readonly kind: 'ignored'; readonly reason: string }
    | { readonly kind: 'refused'; readonly why: Refusal; readonly reason: string }
  );

export type Refusal = 'too-large' | 'not-signed' | 'not-understood' | 'media-type';

/** For the log; what is not there was not believed, or not reached. */
export interface Named {
  readonly delivery?: string;
  readonly event?: string;
  readonly repository?: string;
  readonly traceparent?: string;
}

/**
 * From a request to one message in the queue. Nothing of the body is looked at before its size and its signature were found
 * right; of the headers nothing is signed, so they only name what the body must then be. Faults of secrets and queue are thrown.
 */
export async function receiveDelivery(door: DeliveryDoor, incoming: IncomingDelivery): Promise<Received> {
  const { headers, body } = incoming;
  if (bodySize(body) > deliveryRules.bodyBytes) {
    return refused('too-large', `the body is larger than ${deliveryRules.bodyBytes} bytes`);
  }
  const bytes = bodyBytes(body);
  if (!(await isBelieved(door.secrets, bytes, headers['x-hub-signature-256']))) {
    return refused('not-signed', 'the signature (X-Hub-Signature-256) is missing or wrong');
  }

  const named = readNames(headers);
  if (named === undefined) return refused('not-understood', 'X-GitHub-Delivery or X-GitHub-Event is missing');
  if (named.event === 'ping') return { kind: 'ignored', reason: 'pong', ...named };

  const read = readDeliveryBody(headers['content-type'] ?? '', bytes);
  if (read.kind === 'unsupported') return refused('media-type', 'the body is neither JSON nor a form', named);
  if (read.kind === 'refused') return refused('not-understood', read.reason, named);
  if (!isObject(read.value)) return refused('not-understood', 'the payload is no object', named);
  return enqueue(door, { named, payload: read.value, bytes });
}

/** A signature that does not fit may be one of a secret that was set after ours were read. */
async function isBelieved(secrets: WebhookSecrets, bytes: Uint8Array, signature?: string): Promise<boolean> {
  if (signature === undefined) return false;
  if (isSigned(await secrets.current(), bytes, signature)) return true;
  const newer = await secrets.reread();
  return newer !== undefined && isSigned(newer, bytes, signature);
}

interface BelievedDelivery {
  readonly named: Required<Pick<Named, 'delivery' | 'event' | 'traceparent'>>;
  readonly payload: Payload;
  readonly bytes: Uint8Array;
}

async function enqueue(door: DeliveryDoor, { named, payload, bytes }: BelievedDelivery): Promise<Received> {
  const repository = repositoryIn({ payload });
  if (repository === undefined) return aboutNoRepository(payload, named);
  const about = { ...named, repository: `${repository.owner}/${repository.name}` };
  const cut = door.cut(named.event, payload, about.repository);
  if (cut.kind === 'ignored') return { kind: 'ignored', reason: cut.reason, ...about };
  if (cut.kind === 'other-event') return refused('not-understood', cut.reason, about);
  const installation = installationIn(payload);
  if (installation === undefined) {
    return refused('not-understood', 'the payload names no installation of a GitHub App', about);
  }
  const { owners } = door;
  const owner = { login: repository.owner, id: ownerIdIn(payload) };
  if (owners.length > 0 && !owners.some((allowed) => isAllowedOwner(allowed, owner))) {
    return { kind: 'ignored', reason: `${repository.owner} is none of the owners that this stack works for`, ...about };
  }

  const envelope = {
    kind: 'delivery',
    schema: 1,
    delivery: named.delivery,
    event: named.event,
    bodySha256: createHash('sha256').update(bytes).digest('hex'),
    receivedAt: door.clock.now(),
    traceparent: named.traceparent,
    installation,
  } as const;
  const room = queueRules.bodyBytes - jsonBytes({ ...envelope, payload: {}, omitted: [] });
  const short = omitTexts(cut.payload, cut.texts, room);
  if (short === undefined) return refused('too-large', 'without its texts, too, the payload is too large', about);
  const { omitted } = short;
  const queued: QueuedDelivery = { ...envelope, payload: short.payload, ...(omitted.length > 0 && { omitted }) };
  const body: Payload = { ...queued };
  await door.queue.send({ id: envelope.bodySha256, task: cut.task, role: dispatcherRole, body });
  return { kind: 'queued', task: cut.task, ...about };
}

function readNames(headers: IncomingDelivery['headers']): BelievedDelivery['named'] | undefined {
  const [event, delivery] = [headers['x-github-event'] ?? '', headers['x-github-delivery'] ?? ''];
  if (!/^[a-z_]{1,100}$/.test(event) || !/^[!-~]{1,100}$/.test(delivery)) return undefined;
  const traceparent = deliveryTraceparent(createHash('sha256').update(delivery).digest('hex'));
  return { event, delivery, traceparent };
}

/** Events about an installation or an account have no repository, and nothing is read of them; others must have one. */
function aboutNoRepository(payload: Payload, named: Named): Received {
  if (payload['repository'] === undefined) {
    return { kind: 'ignored', reason: `${named.event} is about no repository`, ...named };
  }
  return refused('not-understood', 'the payload names no repository', named);
}

function ownerIdIn({ repository }: Payload): string | undefined {
  const owner = isObject(repository) ? repository['owner'] : undefined;
  const id = isObject(owner) ? owner['id'] : undefined;
  return isCount(id) ? String(id) : undefined;
}

function installationIn(payload: Payload): number | undefined {
  const installation = payload['installation'];
  const id = isObject(installation) ? installation['id'] : undefined;
  return isCount(id) && id > 0 ? id : undefined;
}

function refused(why: Refusal, reason: string, named: Named = {}): Received {
  return { kind: 'refused', why, reason, ...named };
}
