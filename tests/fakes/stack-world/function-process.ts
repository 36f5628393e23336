/**
 * What AWS runs a function in: a process of its own with the stack's environment, which loads the bundle once and then takes one
 * event after another. Its parent sends `{ id, event, timeoutMs }` and is answered `{ id, result }` or `{ id, fault }`;
 * `{ shiftMs }` lets it believe that it is later. Arguments: the bundle, and by how much it is later from the start.
 */
import { pathToFileURL } from 'node:url';
import { shiftTime } from './shifted-time.ts';

interface Invocation {
  readonly id: number;
  readonly event: unknown;
  readonly timeoutMs: number;
}

const [bundle = '', shiftMs = '0'] = process.argv.slice(2);
if (shiftMs !== '0') shiftTime(Number(shiftMs));
const { handler } = (await import(pathToFileURL(bundle).href)) as {
  readonly handler: (event: unknown, context: object) => Promise<unknown>;
};

process.on('message', (message: Invocation | { readonly shiftMs: number }) => {
  if ('shiftMs' in message) return shiftTime(message.shiftMs);
  const { id, event, timeoutMs } = message;
  const until = performance.now() + timeoutMs;
  const context = {
    awsRequestId: `request-${id}`,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(until - performance.now())),
  };
  handler(event, context).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) =>
      process.send?.({ id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.send?.({ ready: true });
