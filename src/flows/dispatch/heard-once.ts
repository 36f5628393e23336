import type { QueuedDelivery } from '../../domain/dispatch/queued-message.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';

export type HeardOnce =
  /** This message has to be worked on. `givenUp`: how often that ended in the dead letters before. */
  | { readonly kind: 'mine'; readonly givenUp: number; end(how: HeardEnd): Promise<void> }
  | { readonly kind: 'done' }
  /** Another message brought the same body, or another body the same id. */
  | { readonly kind: 'other'; readonly why: string }
  /** Somebody works on it at this moment. */
  | { readonly kind: 'busy' };

export type HeardEnd = 'done' | 'retry' | 'given-up';

export interface HeardRules {
  readonly now: number;
  /** Longer than anybody may work on one message. */
  readonly lockMs: number;
}

/** GitHub sends a delivery again for three days. */
const keepMs = 7 * 24 * 60 * 60_000;
/** Far more than a queue hands anything out, redrives included. */
const maxTries = 100;

/**
 * Whether a delivery has to be worked on, decided by one conditional write each for its body and for its id. The body alone is
 * signed, so it counts first: who sends it again under another id is not heard. Each try at one message is a key of its own,
 * so that whoever died over one is taken over from, and whoever failed is followed by the next.
 */
export async function hearOnce(
  store: IdempotencyStore,
  { delivery, bodySha256, receivedAt }: Pick<QueuedDelivery, 'delivery' | 'bodySha256' | 'receivedAt'>,
  { now, lockMs }: HeardRules,
): Promise<HeardOnce> {
  const kept = { now, lockedUntil: now + lockMs, keepUntil: now + keepMs };
  // One message: what GitHub sends again is another one with the same body.
  const fingerprint = `${receivedAt} ${delivery}`;
  let givenUp = 0;
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const key = `${bodySha256}/${attempt}`;
    const begun = await store.begin({ caller: 'delivery-body', key, fingerprint, ...kept });
    switch (begun.kind) {
      case 'new': {
        if (attempt === 0 && !(await isNewId())) {
          await store.finish(begun.token, answerOf('done'));
          return { kind: 'other', why: 'the delivery id belongs to another body' };
        }
        return { kind: 'mine', givenUp, end: (how) => store.finish(begun.token, answerOf(how)) };
      }
      case 'in-progress':
        return { kind: 'busy' };
      case 'other-request':
        return { kind: 'other', why: 'the same body came in another message' };
      case 'done': {
        const how = begun.answer.body;
        if (how !== 'retry' && how !== 'given-up') return { kind: 'done' };
        if (how === 'given-up') givenUp += 1;
        break;
      }
      default:
        return begun satisfies never;
    }
  }
  return { kind: 'done' };

  /** Nobody waits for its end, so it is never locked: who died after it begins it anew. */
  async function isNewId(): Promise<boolean> {
    const asked = { caller: 'delivery-id', key: delivery, fingerprint: bodySha256, ...kept, lockedUntil: now };
    return (await store.begin(asked)).kind !== 'other-request';
  }
}

function answerOf(how: HeardEnd) {
  return { status: 200, contentType: 'text/plain', body: how };
}
