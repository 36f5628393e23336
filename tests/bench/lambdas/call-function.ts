/** A process that loads one built function and calls it, for `fresh-process.ts`: `node call-function.ts '{"name": …}'`. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionName } from '../../../src/runtime/aws/aws-names.ts';

interface Asked {
  readonly name: FunctionName;
  readonly calls: number;
  readonly network: 'at-once' | 'loopback';
}

const { name, calls, network }: Asked = JSON.parse(process.argv[2] ?? '{}');
const bundle = path.resolve(import.meta.dirname, `../../../dist/lambdas/${name}/index.mjs`);
// Nothing else is loaded before it: what it needs of Node itself counts as well.
const started = performance.now();
const { handler } = await import(pathToFileURL(bundle).href);
const importMs = performance.now() - started;

// The process has nothing else to do: once it would end, nothing is being loaded any more.
process.channel?.unref();
const settledMs = await new Promise<number>((resolve) => {
  process.once('beforeExit', () => resolve(performance.now() - started));
});

const wholeMs: number[] = [];
const toSendMs: number[] = [];
if (calls > 0) {
  const { eventsOf } = await import('./function-events.ts');
  const { answerOf } = await import('./at-once.ts');
  let before = 0;
  if (network === 'at-once') {
    globalThis.fetch = async (_input, init) => {
      const target = new Headers(init?.headers).get('x-amz-target') ?? '';
      if (target.endsWith('.SendMessage')) toSendMs.push(performance.now() - before);
      return answerOf(target);
    };
  }
  for (const event of eventsOf(name, calls)) {
    before = performance.now();
    await handler(event, { awsRequestId: 'request', getRemainingTimeInMillis: () => 30_000 });
    wholeMs.push(performance.now() - before);
  }
}
// The first call reads the secret, too.
const [coldMs, ...warmMs] = wholeMs;
process.send?.({ importMs, settledMs, coldMs, wholeMs: warmMs, toSendMs: toSendMs.slice(1) }, () => process.exit(0));
