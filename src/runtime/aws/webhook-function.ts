import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createSecretVersions } from '../../adapters/aws/secret-versions.ts';
import { createSignedCall, secretsService } from '../../adapters/aws/signed-call.ts';
import { createSqsTaskQueue } from '../../adapters/aws/sqs-task-queue.ts';
import { cutPayload } from '../../adapters/github/cut-payload.ts';
import { createSystemClock } from '../../adapters/system/system-clock.ts';
import { parseTraceparent } from '../../domain/dispatch/traceparent.ts';
import { type DeliveryDoor, type Received, type Refusal, receiveDelivery } from '../../flows/receive-delivery.ts';
import { readAwsSettings } from '../config.ts';
import { functionAwsAccess } from './aws-access.ts';
import { type FunctionLog, openFunctionLog } from './function-log.ts';
import type { MetricName } from './metric-names.ts';
import { cachedWebhookSecrets } from './webhook-secrets.ts';

export type WebhookEvent = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>;
export type WebhookFunction = (event: WebhookEvent) => Promise<APIGatewayProxyStructuredResultV2>;

/** The function itself is ended after five seconds, and then nobody is told why. */
const sendMs = 3_500;

/** The function behind the webhook's address, by the settings of its stack. */
export function openWebhookFunction(): WebhookFunction {
  const settings = readAwsSettings('webhook');
  const clock = createSystemClock();
  const access = functionAwsAccess(clock);
  const log = openFunctionLog({ name: 'webhook', ...settings });
  const versions = createSecretVersions(createSignedCall(access, secretsService));
  const id = settings.webhookSecretId;
  const secrets = cachedWebhookSecrets({
    read: async () => {
      const found = await Promise.all([versions.current(id), versions.previous(id)]);
      return found.filter((secret) => secret !== undefined);
    },
    clock,
    onStale: (error) => log.error('the secret could not be read anew; the one that was read before counts', error),
  });
  const queue = createSqsTaskQueue({ access, queueUrl: settings.queueUrl, deadlineMs: sendMs });
  return webhookFunction({ door: { secrets, queue, clock, cut: cutPayload, owners: settings.owners }, log });
}

export interface WebhookParts {
  readonly door: DeliveryDoor;
  readonly log: FunctionLog;
}

/** One delivery, answered as soon as it is queued: GitHub waits ten seconds, and an answer from 400 on it shows as failed. */
export function webhookFunction({ door, log }: WebhookParts): WebhookFunction {
  return async ({ headers, body = '', isBase64Encoded }) => {
    const encoded = { text: body, encoding: isBase64Encoded ? 'base64' : 'utf8' } as const;
    try {
      const received = await inTime(receiveDelivery(door, { headers, body: encoded }));
      tell(log, received);
      return answer(received);
    } catch (error) {
      // Named as the sender does; whether it may be believed was not found out.
      log.error('the delivery could not be queued', error, { outcome: 'unavailable', claimed: claimedId(headers) });
      log.count('DeliveriesUnqueued');
      return reply(503, { kind: 'unavailable', reason: 'the delivery could not be queued; send it again' }, '60');
    } finally {
      log.flush();
    }
  };
}

/** The function itself has five seconds, and is to say what happened before it is stopped. What is sent later is a repetition. */
const answerWithinMs = 4_000;

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  const limit = AbortSignal.timeout(answerWithinMs);
  const late = new Promise<never>((_resolve, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason), { once: true });
  });
  return Promise.race([work, late]);
}

const statuses: Readonly<Record<Refusal, number>> = {
  'too-large': 413,
  'not-signed': 401,
  'not-understood': 400,
  'media-type': 415,
};

function answer(received: Received): APIGatewayProxyStructuredResultV2 {
  switch (received.kind) {
    case 'queued':
      return reply(202, { kind: 'queued', trace: traceIdOf(received) });
    case 'ignored':
      return reply(200, { kind: 'ignored', reason: received.reason });
    case 'refused':
      return reply(statuses[received.why], { kind: 'refused', reason: received.reason });
    default:
      return received satisfies never;
  }
}

function tell(log: FunctionLog, received: Received): void {
  const { delivery, event, repository } = received;
  const fields = { outcome: received.kind, delivery, event, repository, trace: traceIdOf(received) };
  log.count(metricOf(received));
  if (received.kind === 'queued') log.info('delivery queued', { ...fields, task: received.task });
  else if (received.kind === 'ignored') log.info('delivery ignored', { ...fields, reason: received.reason });
  else log.warn('delivery refused', { ...fields, why: received.why, reason: received.reason });
}

function metricOf(received: Received): MetricName {
  if (received.kind === 'queued') return 'DeliveriesAccepted';
  if (received.kind === 'ignored') return 'DeliveriesIgnored';
  return received.why === 'not-signed' ? 'SignatureFailures' : 'DeliveriesRefused';
}

function traceIdOf({ traceparent }: Received): string | undefined {
  return traceparent === undefined ? undefined : parseTraceparent(traceparent)?.traceId;
}

function claimedId(headers: WebhookEvent['headers']): string | undefined {
  return headers['x-github-delivery']?.slice(0, 100);
}

function reply(
  statusCode: number,
  body: Readonly<Record<string, string | undefined>>,
  retryAfter?: string,
): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return {
    statusCode,
    headers: retryAfter === undefined ? headers : { ...headers, 'retry-after': retryAfter },
    body: JSON.stringify(body),
  };
}
