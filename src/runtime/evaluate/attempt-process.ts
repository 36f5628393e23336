/** A process for one attempt: it may be killed, it may leak, and the next one knows nothing of it. */
import { runAttempt } from './attempt.ts';
import type { FromAttempt, ToAttempt } from './attempt-protocol.ts';

const over = new AbortController();
const request = Promise.withResolvers<Extract<ToAttempt, { type: 'attempt' }>['request']>();

process.on('message', (message: ToAttempt) => {
  if (message.type === 'attempt') request.resolve(message.request);
  else over.abort(new DOMException(message.reason, 'AbortError'));
});
// Whoever started it was killed: nobody would hear of the end, and a model would still be paid.
process.once('disconnect', () => over.abort(new DOMException('the evaluation is gone', 'AbortError')));
// Ctrl-C reaches the whole group; the evaluation tells us in words.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => undefined);

const record = await runAttempt(await request.promise, over.signal);
const told: FromAttempt = { type: 'ended', record };
if (process.connected) {
  await new Promise<void>((resolve) => void process.send?.(told, undefined, {}, () => resolve()));
  process.disconnect();
}
