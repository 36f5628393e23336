import type { Message, ToolResultBlock, UserBlock } from '../domain/conversation.ts';
import { clipText } from '../domain/output-clip.ts';
import { estimateMessages } from './token-estimate.ts';

/**
 * A conversation as the loop writes it: the task first, then turns. A turn is what the model said and all answers to it,
 * so that leaving out whole turns never parts a tool call from its result.
 */
export interface Transcript {
  readonly task: Message;
  readonly turns: readonly Turn[];
}

export interface Turn {
  readonly reply: Message & { readonly role: 'assistant' };
  /** Absent for the last turn while its calls are being answered. */
  readonly answer?: Message & { readonly role: 'user' };
}

export interface Compacted {
  readonly turns: readonly Turn[];
  readonly droppedMessages: number;
}

/** The latest turns are what the model is working with; they lose text only when nothing else is left to take. */
const untouchedTurns = 6;
/** What remains of an old result: enough to remember what it was. */
const oldResultCharacters = 300;
const shrunkResultCharacters = 2_000;

/**
 * Makes a conversation fit: first old results shrink, then the oldest turns go, last of all recent results shrink.
 * Every step goes on only as long as it must, and the same input always gives the same output.
 */
export function compact(transcript: Transcript, targetTokens: number): Compacted {
  const fits = (turns: readonly Turn[]) => estimateTurns(transcript.task, turns) <= targetTokens;
  const firstRecent = Math.max(0, transcript.turns.length - untouchedTurns);
  const recent = transcript.turns.slice(firstRecent);

  const old = shrink(transcript.turns.slice(0, firstRecent), oldResultCharacters, (turns) =>
    fits([...turns, ...recent]),
  );
  const withoutOldest = dropOldest([...old, ...recent], untouchedTurns, fits);
  const shrunk = shrink(withoutOldest, shrunkResultCharacters, fits);
  const shrunkMore = shrink(shrunk, oldResultCharacters, fits);
  const turns = dropOldest(shrunkMore, 1, fits);
  return { turns, droppedMessages: countMessages(transcript.turns) - countMessages(turns) };
}

type Fits = (turns: readonly Turn[]) => boolean;

/** Shortens results turn by turn, oldest first, until it fits. */
function shrink(turns: readonly Turn[], limit: number, fits: Fits): readonly Turn[] {
  const shrunk = [...turns];
  for (const [at, turn] of turns.entries()) {
    if (fits(shrunk)) break;
    shrunk[at] = withShorterResults(turn, limit);
  }
  return shrunk;
}

function dropOldest(turns: readonly Turn[], atLeast: number, fits: Fits): readonly Turn[] {
  let kept = turns;
  while (kept.length > atLeast && !fits(kept)) kept = kept.slice(1);
  return kept;
}

export function estimateTurns(task: Message, turns: readonly Turn[]): number {
  return estimateMessages([task, ...turns.flatMap(messagesOf)]);
}

export function messagesOf(turn: Turn): readonly Message[] {
  return turn.answer === undefined ? [turn.reply] : [turn.reply, turn.answer];
}

function countMessages(turns: readonly Turn[]): number {
  return turns.reduce((sum, turn) => sum + messagesOf(turn).length, 0);
}

function withShorterResults(turn: Turn, limit: number): Turn {
  if (turn.answer === undefined) return turn;
  const content = turn.answer.content.map((block) => shorter(block, limit));
  const changed = content.some((block, index) => block !== turn.answer?.content[index]);
  return changed ? { reply: turn.reply, answer: { role: 'user', content } } : turn;
}

function shorter(block: UserBlock, limit: number): UserBlock {
  if (block.type !== 'tool_result' || block.content.length <= limit) return block;
  const content = clipText(block.content, limit);
  return { ...block, content } satisfies ToolResultBlock;
}
