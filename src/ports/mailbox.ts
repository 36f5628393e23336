import type { ClaimKey } from '../domain/claim.ts';
import type { AgentMessage } from '../domain/coordination/message.ts';

/** A message with the receipt that acknowledges it. */
export interface Delivered {
  readonly message: AgentMessage;
  readonly receipt: string;
  /** How often it was delivered, this time included. */
  readonly deliveries: number;
}

/** Messages between agents: in order within one task, at least once, deduplicated by id; after five deliveries dead. */
export interface Mailbox {
  send(message: AgentMessage): Promise<'sent' | 'duplicate'>;
  /** The oldest for this reader (a role or an agent's id); of one task no second one before the first is acknowledged. */
  receive(
    to: string,
    options: { readonly limit: number; readonly visibilityMs: number },
  ): Promise<readonly Delivered[]>;
  acknowledge(receipt: string): Promise<boolean>;
  /** What was given up, oldest first. */
  dead(to: string): Promise<readonly AgentMessage[]>;
  /** A dead one is delivered anew. */
  redrive(id: string): Promise<boolean>;
  /** All messages about one task, in their order. */
  about(task: ClaimKey): Promise<readonly AgentMessage[]>;
}
