import type { ClaimKey } from '../claim.ts';
import type { OmittedText } from './omitted-text.ts';

/**
 * A delivery of a webhook whose signature was right, cut to what the flows read. GitHub signs the body alone: the delivery's
 * id and the event's name are headers that anybody who saw one delivery may change, the hash of the body is not.
 */
export interface QueuedDelivery {
  readonly kind: 'delivery';
  readonly schema: 1;
  /** X-GitHub-Delivery: the same for every attempt at one delivery. */
  readonly delivery: string;
  /** X-GitHub-Event: `issues`. */
  readonly event: string;
  /** SHA-256 of the bytes as they came, 64 hexadecimal digits. */
  readonly bodySha256: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** W3C Trace Context; its trace id is made of the delivery's id (`traceparent.ts`). */
  readonly traceparent: string;
  /** The App's installation that the payload names. */
  readonly installation: number;
  /** GitHub's own field names; only those that are read. No address is among them. */
  readonly payload: Readonly<Record<string, unknown>>;
  /**
   * Texts that were too long for the queue. In their places stands an object, which no reader takes for a text: they are
   * read from GitHub first (`flows/restore-texts.ts`).
   */
  readonly omitted?: readonly OmittedText[];
}

/** A task stood in line for a budget, and there may be room now. What was asked for lies in the waiting list. */
export interface QueuedWake {
  readonly kind: 'wake';
  readonly schema: 1;
  readonly key: ClaimKey;
  readonly traceparent: string;
}

/** All that the dispatcher is handed. */
export type QueuedMessage = QueuedDelivery | QueuedWake;
