import { EntropyError } from '../error.ts';

/** What every queue of work keeps to, whichever service it lies in. */
export const queueRules = {
  /** 0 is the most urgent. */
  priorities: { highest: 0, usual: 2, lowest: 4 },
  /** After so many deliveries that nobody acknowledged the work is given up. */
  maxDeliveries: 5,
  /** So long after a send the same id is not taken in again. */
  deduplicationMs: 5 * 60_000,
  bodyBytes: 192 * 1024,
} as const;

interface Work {
  readonly id: string;
  readonly role: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Options {
  readonly priority?: number;
  readonly delayMs?: number;
  readonly timeToLiveMs?: number;
}

/** Why this cannot be sent, in words; undefined when it can. */
export function sendProblem({
  id,
  role,
  body,
  priority = queueRules.priorities.usual,
  ...times
}: Work & Options): string | undefined {
  const { highest, lowest } = queueRules.priorities;
  const { delayMs = 0, timeToLiveMs = 1 } = times;
  if (id === '') return 'the id is empty';
  if (role === '') return 'the role is empty';
  if (!Number.isInteger(priority) || priority < highest || priority > lowest) {
    return `the priority is ${priority}, not a whole number from ${highest} to ${lowest}`;
  }
  if (!Number.isSafeInteger(delayMs) || delayMs < 0) return `the delay is ${delayMs} ms`;
  if (!Number.isSafeInteger(timeToLiveMs) || timeToLiveMs <= 0) return `the time to live is ${timeToLiveMs} ms`;
  const text = JSON.stringify(body);
  // A character takes three bytes at most: what is far from the limit is not counted.
  const bytes = text.length * 3 <= queueRules.bodyBytes ? text.length : new TextEncoder().encode(text).length;
  return bytes > queueRules.bodyBytes
    ? `the body takes ${bytes} bytes, ${queueRules.bodyBytes} are allowed`
    : undefined;
}

/** Throws E100 when this cannot be sent. */
export function assertSendable(work: Work, options: Options): void {
  const problem = sendProblem({ ...work, ...options });
  if (problem === undefined) return;
  const { id, role } = work;
  throw new EntropyError({
    code: 'E100',
    message: `the work "${id}" for ${role === '' ? 'nobody' : role} cannot be queued: ${problem}`,
    fix: 'send it within the limits; what is larger belongs into the repository or the issue, and a link into the body',
  });
}
