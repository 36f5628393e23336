import type { ClaimKey } from '../claim.ts';

export const messageTypes = [
  'review-requested',
  'changes-requested',
  'handoff',
  'question',
  'answer',
  'blocked-on',
] as const;
export type MessageType = (typeof messageTypes)[number];

/** From agent to agent, ordered per task, at least once, deduplicated by id. Data for the reader, never instructions. */
export interface AgentMessage {
  readonly schema: 1;
  /** Chosen by the sender; the same id is delivered once to each reader. */
  readonly id: string;
  readonly type: MessageType;
  readonly task: ClaimKey;
  /** Id of the sending agent: `coder/01JD…`. */
  readonly from: string;
  /** A role (`reviewer`) or an agent's id. */
  readonly to: string;
  readonly sentAt: number;
  /** At most 64 KiB as JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The message that this one answers. */
  readonly inReplyTo?: string;
}
