import { createHash } from 'node:crypto';
import { cutPayload } from '../../../src/adapters/github/cut-payload.ts';
import { deliveryTraceparent } from '../../../src/domain/dispatch/traceparent.ts';
import type { FunctionName } from '../../../src/runtime/aws/aws-names.ts';
import { installationId, labeled, labeledOf25Kb } from '../../fakes/payloads/payloads.ts';
import { signedRequest } from '../../fakes/payloads/signed-request.ts';

/** What each function is timed with; what a person asks of agents would have to be kept by somebody. */
export const timedWith = {
  webhook: 'issues.labeled with 25 KB, signed, as the HTTP API hands it over',
  dispatcher:
    'the same, cut, out of the queue, for a label that asks for nothing: heard once, believed, mirrored, looked at by the gate',
  api: 'GET /healthz',
  sweeper: 'a sweep where nothing is to be done',
  archiver: 'one change of an item that is no event',
} as const satisfies Readonly<Record<FunctionName, string>>;

/** Events for a function, no two the same. */
export function* eventsOf(name: FunctionName, count: number): Generator<unknown> {
  for (let index = 0; index < count; index += 1) yield eventOf(name, index);
}

function eventOf(name: FunctionName, index: number): unknown {
  switch (name) {
    case 'webhook':
      return signedRequest(textOf(index), { delivery: idOf(index) });
    case 'dispatcher':
      return queueEvent(index);
    case 'api':
      return healthCheck(index);
    case 'sweeper':
      return { source: 'aws.events' };
    case 'archiver':
      return streamEvent(index);
    default:
      return name satisfies never;
  }
}

const idOf = (index: number): string => `72d3162e-cc78-11e3-81ab-${String(index).padStart(12, '0')}`;

const { payload } = labeledOf25Kb();
const textOf = (index: number): string => JSON.stringify({ ...payload, number: index });

function queueEvent(index: number) {
  const text = textOf(index);
  const told = { ...payload, label: { name: 'bug' }, issue: Object(labeled('bug').payload)['issue'] };
  const cut = cutPayload('issues', told, 'octo/slug');
  if (cut.kind !== 'cut') throw new Error(cut.reason);
  const bodySha256 = createHash('sha256').update(text).digest('hex');
  const now = Date.now();
  const delivery = {
    kind: 'delivery',
    schema: 1,
    delivery: idOf(index),
    event: 'issues',
    bodySha256,
    receivedAt: now,
    traceparent: deliveryTraceparent(createHash('sha256').update(idOf(index)).digest('hex')),
    installation: installationId,
    payload: { ...cut.payload, issue: { ...Object(cut.payload['issue']), updated_at: new Date(now).toISOString() } },
  };
  const record = {
    messageId: `message-${index}`,
    receiptHandle: `receipt-${index}`,
    body: JSON.stringify({ id: bodySha256, task: cut.task, role: 'dispatcher', body: delivery }),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(now) },
    messageAttributes: {},
    eventSource: 'aws:sqs',
  };
  return { Records: [record] };
}

function healthCheck(index: number) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/healthz',
    rawQueryString: '',
    headers: { host: 'coordinator.example' },
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      domainName: 'coordinator.example',
      domainPrefix: 'coordinator',
      http: { method: 'GET', path: '/healthz', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'bench' },
      requestId: `request-${index}`,
      routeKey: '$default',
      stage: '$default',
      time: '21/Nov/2026:10:15:02 +0000',
      timeEpoch: Date.now(),
    },
  };
}

function streamEvent(index: number) {
  const keys = { pk: { S: 'cursor/probe' }, sk: { S: 'cursor' } };
  const image = { ...keys, at: { N: String(index) } };
  const dynamodb = {
    Keys: keys,
    NewImage: image,
    OldImage: image,
    SequenceNumber: String(index + 1).padStart(21, '0'),
  };
  return { Records: [{ eventID: `event-${index}`, eventName: 'MODIFY', eventSource: 'aws:dynamodb', dynamodb }] };
}
