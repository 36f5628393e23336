import { claimPlace } from '../../domain/claim-place.ts';
import { repositoryIn } from '../../domain/dispatch/delivery-repository.ts';
import { parseQueuedMessage } from '../../domain/dispatch/parse-queued-message.ts';
import { requestNames } from '../../domain/dispatch/request-names.ts';
import { describeError, EntropyError } from '../../domain/error.ts';
import { isObject } from '../../domain/json-shape.ts';
import type { DeadLetter } from '../../ports/task-queue.ts';
import { askedIssue, tellGivenUp } from '../dispatch/give-up.ts';
import { textSource } from '../dispatch/take-delivery.ts';
import { restoreTexts } from '../restore-texts.ts';
import type { SweepBounds, SweepRoom } from './sweep-room.ts';

export interface ToldLetters {
  readonly dead: number;
  readonly told: number;
}

const name = 'dead-letters-told';
const maxLetters = 50;
const maxRemembered = 500;

/**
 * Whoever asked for something that ended among the dead letters is told so on the issue, once: by the dispatcher when it gives up,
 * else here, when the dispatcher died over it or GitHub took no comment then.
 */
export async function tellDeadLetters(room: SweepRoom, { isTimeUp }: SweepBounds): Promise<ToldLetters> {
  const letters = await room.queue.deadLetters({ limit: maxLetters });
  if (letters.length === 0) return { dead: 0, told: 0 };
  const stored = await room.cursors.read(name);
  const known = new Set(readKnown(stored?.value));
  const done: string[] = [];
  let told = 0;
  for (const letter of letters) {
    const id = `${letter.work.id}/${letter.diedAt}`;
    if (known.has(id)) continue;
    if (isTimeUp()) break;
    const tell = await tellOne(room, letter);
    if (tell === 'later') continue;
    done.push(id);
    if (tell === 'told') told += 1;
  }
  if (done.length > 0) {
    await room.cursors.write(name, [...known, ...done].slice(-maxRemembered), stored?.version);
  }
  return { dead: letters.length, told };
}

async function tellOne(room: SweepRoom, letter: DeadLetter): Promise<'told' | 'not-needed' | 'later'> {
  const message = parseQueuedMessage(letter.work.body);
  if (message === undefined || message.kind !== 'delivery') return 'not-needed';
  const repository = repositoryIn(message);
  if (repository === undefined) return 'not-needed';
  try {
    // Whoever died over it may not have come so far as to ask.
    if (!(await room.covers(message.installation, repository))) return 'not-needed';
    const { asked } = await restoreTexts(message, textSource(room));
    const event = await room.readTrigger({ event: message.event, payload: asked });
    const issue = askedIssue(event);
    if (issue === undefined || claimPlace(letter.work.task) === undefined) return 'not-needed';
    const { runId } = requestNames(message, 0);
    const reason = letter.detail ?? reasons[letter.reason];
    const told = await tellGivenUp(room.connect(repository), { issue, runId, workId: letter.work.id, reason });
    return told === 'created' ? 'told' : 'not-needed';
  } catch (error) {
    if (!(error instanceof EntropyError)) throw error;
    room.log(`dead letter ${letter.work.id} is not told yet: ${describeError(error)}`);
    return error.retryable ? 'later' : 'not-needed';
  }
}

const reasons = {
  'too-many-deliveries': 'it was tried again and again, and nobody got to its end',
  expired: 'it waited for longer than it may',
  rejected: 'it was given up',
} as const;

function readKnown(value: unknown): readonly string[] {
  const list = isObject(value) ? [] : value;
  return Array.isArray(list) ? list.filter((id) => typeof id === 'string') : [];
}
