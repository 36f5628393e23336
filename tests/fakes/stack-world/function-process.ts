/**
 * What AWS runs a function in: a process of its own with the stack's environment, which loads the bundle once and then takes one
 * event after another. Its parent sends `{ id, event, timeoutMs }` and is answered `{ id, result }` or `{ id, fault }`.
 */
import { pathToFileURL } from 'node:url';

interface Invocation {
  readonly id: number;
  readonly event: unknown;
  readonly timeoutMs: number;
}

const [bundle = ''] = process.argv.slice(2);
const { handler } = (await import(pathToFileURL(bundle).href)) as {
  readonly handler: (event: unknown, context: object) => Promise<unknown>;
};

process.on('message', ({ id, event, timeoutMs }: Invocation) => {
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
