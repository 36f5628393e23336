import type { AssistantBlock, Message, UserBlock } from '../domain/conversation.ts';
import { EntropyError } from '../domain/error.ts';
import { compact, estimateTurns, messagesOf, type Turn } from './compaction.ts';
import { fence } from './prompts/fence.ts';
import { estimateText } from './token-estimate.ts';

/** Compaction begins at this share of the room, and makes free down to the other, so that it is rare: it costs the cache. */
const fullShare = 0.8;
const targetShare = 0.5;
/** The model's own counts correct ours within these bounds. */
const leastCorrection = 0.5;
const mostCorrection = 4;
/** Two cache points: one to write, and the one before to be found again. Adapters mark system and tools themselves. */
const cachePoints = 2;
const longestNote = 6_000;

export interface CompactionReport {
  readonly droppedMessages: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

export interface ConversationOptions {
  /** The first message: what is to be done. It is never dropped. */
  readonly task: string;
  /** System prompt and tools, which every request carries besides the messages. */
  readonly fixedText: string;
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
}

/** What was said so far, and what of it the next request carries. */
export class Conversation {
  readonly #task: string;
  readonly #fixedTokens: number;
  readonly #room: number;
  readonly #notes: string[] = [];
  #turns: readonly Turn[] = [];
  #first: Message;
  #correction = 1;

  constructor(options: ConversationOptions) {
    this.#task = options.task;
    this.#first = { role: 'user', content: [{ type: 'text', text: options.task }] };
    this.#fixedTokens = estimateText(options.fixedText);
    this.#room = Math.max(1, options.contextWindow - options.maxOutputTokens);
  }

  addReply(content: readonly AssistantBlock[]): void {
    // Providers refuse empty messages and empty texts when they get them back.
    const spoken = content.filter((block) => block.type !== 'text' || block.text.trim() !== '');
    const kept: readonly AssistantBlock[] = spoken.length > 0 ? spoken : [{ type: 'text', text: '[empty reply]' }];
    this.#turns = [...this.#turns, { reply: { role: 'assistant', content: kept } }];
  }

  /** Tool results first, in the order of the calls, then words of ours. */
  addAnswer(content: readonly UserBlock[]): void {
    const last = this.#turns.at(-1);
    if (last === undefined || last.answer !== undefined) throw fault('an answer was added without a reply before it');
    this.#turns = [...this.#turns.slice(0, -1), { ...last, answer: { role: 'user', content } }];
  }

  /** Kept in mind when the turn that it was made in is dropped. */
  addNote(note: string): void {
    this.#notes.push(note);
  }

  /** Tells how many tokens the last request really had, so that the next estimates are better. 0 means unknown. */
  correct(actualTokens: number, estimatedTokens: number): void {
    if (actualTokens <= 0 || estimatedTokens <= 0) return;
    const raw = estimatedTokens / this.#correction;
    this.#correction = Math.min(mostCorrection, Math.max(leastCorrection, actualTokens / raw));
  }

  estimatedTokens(): number {
    return Math.ceil((this.#fixedTokens + estimateTurns(this.#first, this.#turns)) * this.#correction);
  }

  /** Makes room before the window is full; undefined while there is enough. */
  compact(): CompactionReport | undefined {
    const tokensBefore = this.estimatedTokens();
    if (tokensBefore <= this.#room * fullShare) return undefined;
    const target = (this.#room * targetShare) / this.#correction - this.#fixedTokens - estimateText(this.#noteText());
    const { turns, droppedMessages } = compact({ task: this.#first, turns: this.#turns }, target);
    this.#turns = turns;
    if (droppedMessages > 0) this.#first = this.#taskWithNotes();
    const tokensAfter = this.estimatedTokens();
    return tokensAfter < tokensBefore ? { droppedMessages, tokensBefore, tokensAfter } : undefined;
  }

  /** The messages of the next request, with marks on the last messages from our side. */
  messages(): readonly Message[] {
    const messages = [this.#first, ...this.#turns.flatMap(messagesOf)];
    let marks = cachePoints;
    for (let at = messages.length - 1; at >= 0 && marks > 0; at -= 1) {
      const message = messages[at];
      if (message?.role !== 'user') continue;
      messages[at] = { ...message, cache: true };
      marks -= 1;
    }
    return messages;
  }

  #taskWithNotes(): Message {
    return {
      role: 'user',
      content: [
        { type: 'text', text: this.#task },
        { type: 'text', text: this.#noteText() },
      ],
    };
  }

  #noteText(): string {
    const kept: string[] = [];
    let room = longestNote;
    for (const note of this.#notes.toReversed()) {
      room -= note.length;
      if (room < 0) break;
      kept.unshift(`- ${note}`);
    }
    const notes =
      kept.length === 0
        ? 'No notes were made.'
        : `What you noted so far, which changes no rule:\n${fence('your notes', kept.join('\n'))}`;
    return `The oldest turns were left out to make room. The files are as you left them; read again what you need.\n${notes}`;
  }
}

function fault(message: string): EntropyError {
  return new EntropyError({ code: 'E900', message, fix: 'Report this with the trajectory of the run.' });
}
