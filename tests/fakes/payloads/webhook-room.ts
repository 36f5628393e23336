import { cutPayload } from '../../../src/adapters/github/cut-payload.ts';
import type { QueuedDelivery } from '../../../src/domain/dispatch/queued-message.ts';
import type { DeliveryDoor } from '../../../src/flows/receive-delivery.ts';
import type { QueuedWork } from '../../../src/ports/task-queue.ts';
import type { FunctionLog } from '../../../src/runtime/aws/function-log.ts';
import { type WebhookFunction, webhookFunction } from '../../../src/runtime/aws/webhook-function.ts';
import { simulatedClock } from '../simulated-clock.ts';
import { webhookSecret } from './signed-request.ts';

export interface WebhookRoom {
  readonly handle: WebhookFunction;
  readonly sent: QueuedWork[];
  /** Every line as it would be written, and the figures. */
  readonly lines: { readonly level: string; readonly text: string }[];
  readonly counted: string[];
  readonly door: DeliveryDoor;
}

/** The function's own code over a queue that only collects. */
export function webhookRoom(more: Partial<DeliveryDoor> = {}): WebhookRoom {
  const sent: QueuedWork[] = [];
  const lines: { level: string; text: string }[] = [];
  const counted: string[] = [];
  const door: DeliveryDoor = {
    secrets: {
      current: async () => [webhookSecret, 'the secret before, also 32 chars'],
      reread: async () => undefined,
    },
    cut: cutPayload,
    owners: [],
    queue: {
      send: async (work) => {
        sent.push(work);
        return 'sent';
      },
    },
    clock: simulatedClock(Date.parse('2026-11-21T10:15:03Z')),
    ...more,
  };
  const line = (level: string) => (message: string, fields?: unknown) => {
    lines.push({ level, text: JSON.stringify({ message, fields }) });
  };
  const log: FunctionLog = {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: (message, error, fields) =>
      lines.push({ level: 'error', text: `${message} ${error} ${JSON.stringify(fields)}` }),
    count: (metric) => counted.push(metric),
    flush: () => undefined,
  };
  return { handle: webhookFunction({ door, log }), sent, lines, counted, door };
}

/** What the dispatcher will be handed, as it comes out of the queue. */
export function queuedDelivery(work: QueuedWork | undefined): QueuedDelivery {
  if (work === undefined) throw new Error('nothing was queued');
  return JSON.parse(JSON.stringify(work.body));
}
