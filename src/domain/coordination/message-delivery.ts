import { EntropyError } from '../error.ts';
import type { AgentMessage } from './message.ts';

/** After so many deliveries that nobody acknowledged a message is given up. */
export const maxDeliveries = 5;
export const maxMessageBytes = 64 * 1024;

/** What one reader's post remembers of a message; `visibleAt`: handed out before, not again until then. */
export interface Delivery {
  readonly state: 'waiting' | 'acknowledged' | 'dead';
  readonly deliveries: number;
  readonly visibleAt: number;
}

export const undelivered: Delivery = { state: 'waiting', deliveries: 0, visibleAt: 0 };

export type DeliveryDecision =
  | { readonly kind: 'deliver'; readonly delivery: Delivery }
  /** Handed out too often; the next one of its task is looked at. */
  | { readonly kind: 'give-up'; readonly delivery: Delivery }
  /** Somebody has it, and it keeps back what comes after it in its task. */
  | { readonly kind: 'wait' };

/** What becomes of the oldest message of a task that waits for a reader. */
export function decideDelivery(
  { deliveries, visibleAt }: Delivery,
  { now, visibilityMs }: { readonly now: number; readonly visibilityMs: number },
): DeliveryDecision {
  if (visibleAt > now) return { kind: 'wait' };
  if (deliveries >= maxDeliveries) return { kind: 'give-up', delivery: { state: 'dead', deliveries, visibleAt } };
  return {
    kind: 'deliver',
    delivery: { state: 'waiting', deliveries: deliveries + 1, visibleAt: now + visibilityMs },
  };
}

/** How many bytes a message's body takes as JSON, in UTF-8. */
export function bodyBytes({ body }: AgentMessage): number {
  return new TextEncoder().encode(JSON.stringify(body)).length;
}

export function messageTooLarge({ id }: AgentMessage, bytes: number): EntropyError {
  return new EntropyError({
    code: 'E100',
    message: `the message ${id.slice(0, 80)} takes ${bytes} bytes, at most ${maxMessageBytes} are taken`,
    fix: 'put what is large into a file, a branch or a comment, and say in the message where it lies',
  });
}
