import { queueRules } from '../../domain/coordination/queue-rules.ts';
import type { DeadLetter } from '../../ports/task-queue.ts';
import type { SqsCalls } from './sqs-calls.ts';
import { readDeath, readWork, type SqsMessage, withoutDeath } from './sqs-message.ts';

/** While somebody looks at a dead letter nobody else sees it; who is killed meanwhile hides it for so long. */
const lookMs = 60_000;

export interface LookOptions {
  readonly dead: SqsCalls;
  readonly waitSeconds: number;
}

type Look = LookOptions & {
  /** Filled by who looks: letters that were taken away. */
  readonly gone: Set<string>;
};

/** Reads through the dead letters, ten at a time, each once; those that are still there are put back at the end. */
async function* lookThrough({ dead, waitSeconds, gone }: Look): AsyncGenerator<readonly SqsMessage[]> {
  const seen = new Map<string, string>();
  try {
    for (;;) {
      const messages = await dead.receive({ limit: 10, visibilityMs: lookMs, waitSeconds });
      const unseen = messages.filter(({ messageId }) => !seen.has(messageId));
      for (const { messageId, handle } of messages) seen.set(messageId, handle);
      if (unseen.length === 0) return;
      yield unseen;
    }
  } finally {
    const handles = [...seen].flatMap(([messageId, handle]) => (gone.has(messageId) ? [] : [handle]));
    for (let from = 0; from < handles.length; from += 10) await dead.showAgain(handles.slice(from, from + 10));
  }
}

export async function readDeadLetters(options: LookOptions, limit: number): Promise<readonly DeadLetter[]> {
  const letters = new Map<string, DeadLetter>();
  if (limit <= 0) return [];
  for await (const messages of lookThrough({ ...options, gone: new Set() })) {
    for (const message of messages) {
      const letter = letterOf(message);
      // One that was moved while its mover was killed lies here twice.
      letters.set(letter.work.id, letters.get(letter.work.id) ?? letter);
    }
    if (letters.size >= limit) break;
  }
  return [...letters.values()].sort((a, b) => (a.diedAt ?? 0) - (b.diedAt ?? 0)).slice(0, limit);
}

/**
 * Sends them anew and then takes them away, so a crash in between hands one out twice and loses none. SQS's own move task
 * would keep what is written of their death, and tells no count.
 */
export async function redriveDeadLetters(
  options: LookOptions & { readonly queue: SqsCalls },
  ids?: readonly string[],
): Promise<number> {
  const { dead, queue } = options;
  const sent = new Set<string>();
  const gone = new Set<string>();
  for await (const messages of lookThrough({ ...options, gone })) {
    const chosen = messages.filter((message) => ids === undefined || ids.includes(idOf(message)));
    await Promise.all(
      chosen.map(async (message) => {
        const id = idOf(message);
        const isFirst = !sent.has(id);
        sent.add(id);
        if (isFirst) await queue.send({ body: message.body, attributes: withoutDeath(message.attributes) });
        await dead.delete(message.handle);
        gone.add(message.messageId);
      }),
    );
  }
  return sent.size;
}

function letterOf(message: SqsMessage): DeadLetter {
  const read = readWork(message.body);
  const unreadable = { id: idOf(message), task: '', role: '', body: { unreadable: message.body.slice(0, 2_000) } };
  const work = 'problem' in read ? unreadable : read;
  // SQS tells neither when it gave one up nor after how many deliveries: that is a setting of the queue.
  const byItself = { reason: 'too-many-deliveries', deliveries: queueRules.maxDeliveries } as const;
  return { work, ...(readDeath(message.attributes) ?? byItself) };
}

function idOf({ body, messageId }: SqsMessage): string {
  const read = readWork(body);
  return 'problem' in read ? `message/${messageId}` : read.id;
}
