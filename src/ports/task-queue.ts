import type { ClaimKey } from '../domain/claim.ts';

/** One piece of work to be handed out: a task and what is asked for. */
export interface QueuedWork {
  /** Chosen by the sender; a second one with the same id within its deduplication window is not taken in. */
  readonly id: string;
  readonly task: ClaimKey;
  /** Which role takes it: `coder`. */
  readonly role: string;
  /** At most `queueRules.bodyBytes` as JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface SendOptions {
  /** 0 is the most urgent, 4 the least; 2 when absent. */
  readonly priority?: number;
  readonly delayMs?: number;
  /** After this long it is not handed out any more and goes to the dead letters as `expired`. */
  readonly timeToLiveMs?: number;
}

export interface ReceivedWork {
  readonly work: QueuedWork;
  /** Names this delivery, not the message: an old one acknowledges nothing. */
  readonly receipt: string;
  readonly deliveries: number;
  readonly sentAt: number;
  /** Milliseconds since 1970; then somebody else may get it. */
  readonly visibleAgainAt: number;
}

export interface DeadLetter {
  readonly work: QueuedWork;
  readonly reason: 'too-many-deliveries' | 'expired' | 'rejected';
  readonly detail?: string;
  readonly deliveries: number;
  /** Milliseconds since 1970; undefined where the service does not tell. */
  readonly diedAt?: number;
}

export interface QueueDepth {
  readonly waiting: number;
  readonly delayed: number;
  readonly inFlight: number;
  readonly dead: number;
  /** Age of the oldest that waits; undefined when none does. */
  readonly oldestMs?: number;
}

/** Work waiting for a worker: at least once, by priority then age, never lost, never acknowledged by position. */
export interface TaskQueue {
  send(work: QueuedWork, options?: SendOptions): Promise<'sent' | 'duplicate'>;
  /** At most `limit`, for these roles (all when absent); each invisible to others for `visibilityMs`. */
  receive(options: {
    readonly roles?: readonly string[];
    readonly limit: number;
    readonly visibilityMs: number;
  }): Promise<readonly ReceivedWork[]>;
  /** False when the receipt is no longer the current one. */
  extend(receipt: string, visibilityMs: number): Promise<boolean>;
  acknowledge(receipt: string): Promise<boolean>;
  /** Back at once or after a delay (`retry`), or to the dead letters with the reason (`reject`). */
  release(
    receipt: string,
    how: { readonly kind: 'retry'; readonly delayMs?: number } | { readonly kind: 'reject'; readonly detail: string },
  ): Promise<boolean>;
  deadLetters(options: { readonly limit: number }): Promise<readonly DeadLetter[]>;
  /** Dead letters (all, or those named) are handed out anew, with their count of deliveries at zero. Tells how many. */
  redrive(ids?: readonly string[]): Promise<number>;
  depth(): Promise<QueueDepth>;
}
