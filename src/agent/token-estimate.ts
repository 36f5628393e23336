import type { Message } from '../domain/conversation.ts';

/** Bytes of UTF-8 a token, low for code, so that estimates err on the safe side until the model's own count corrects them. */
const bytesPerToken = 3.2;
/** What a message costs besides its text. */
const messageOverhead = 8;

const known = new WeakMap<Message, number>();

/** A rough count. Messages never change, so each is measured once. */
function estimateMessage(message: Message): number {
  const before = known.get(message);
  if (before !== undefined) return before;
  const tokens = messageOverhead + estimateText(JSON.stringify(message.content));
  known.set(message, tokens);
  return tokens;
}

export function estimateMessages(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + estimateMessage(message), 0);
}

export function estimateText(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}
