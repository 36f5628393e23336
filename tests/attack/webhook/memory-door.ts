import { cutPayload } from '../../../src/adapters/github/cut-payload.ts';
import { parseQueuedMessage } from '../../../src/domain/dispatch/parse-queued-message.ts';
import type { QueuedDelivery } from '../../../src/domain/dispatch/queued-message.ts';
import type { QueuedWork } from '../../../src/ports/task-queue.ts';
import type { FunctionLog } from '../../../src/runtime/aws/function-log.ts';
import { webhookFunction } from '../../../src/runtime/aws/webhook-function.ts';
import { webhookSecret } from '../../fakes/payloads/signed-request.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';
import { type FunctionDoor, previousSecret } from './door.ts';

const silent: FunctionLog = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  count: () => {},
  flush: () => {},
};

/** The webhook function over a queue in memory: what it lets in, without a stand-in for AWS. */
export function memoryFunctionDoor(): FunctionDoor {
  const clock = simulatedClock();
  // A list, which hands on what it was given as often as it was: the queue of the stack keeps nothing back either.
  const sent: QueuedWork[] = [];
  const queue = {
    send: async (work: QueuedWork) => {
      sent.push(work);
      return 'sent' as const;
    },
  };
  const secrets = { current: async () => [webhookSecret, previousSecret], reread: async () => undefined };
  const owners = [{ login: 'octo' }];
  const handle = webhookFunction({ door: { secrets, queue, clock, cut: cutPayload, owners }, log: silent });
  const receive = async (): Promise<readonly QueuedDelivery[]> => {
    return sent.splice(0).map((work) => {
      const message = parseQueuedMessage(work.body);
      if (message?.kind !== 'delivery') throw new Error(`no delivery: ${JSON.stringify(work.body).slice(0, 200)}`);
      return message;
    });
  };
  return {
    name: 'the webhook function',
    knock: async ({ bytes, headers, gateway }) => {
      const body = gateway ?? { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true };
      return (await handle({ headers, ...body })).statusCode ?? 200;
    },
    taken: async () => (await receive()).length,
    receive,
    [Symbol.asyncDispose]: async () => {},
  };
}
