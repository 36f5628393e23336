import { pageOf } from '../http/pagination.ts';
import { notFound, unprocessable } from '../http/problem.ts';
import { type Answer, type Call, numberParam } from '../http/route.ts';
import type { Hook, HookDelivery } from '../state/hook-state.ts';

/** Newest first, in pages that begin behind a delivery: what comes in meanwhile moves nothing. */
export function listDeliveries(call: Call, { deliveries }: Hook): Answer {
  const cursor = call.query.get('cursor');
  const { size } = pageOf(call);
  const from = cursor === null ? 0 : deliveries.findIndex(({ id }) => String(id) === cursor) + 1;
  if (cursor !== null && from === 0) throw unprocessable('Invalid cursor');
  const status = call.query.get('status');
  const wanted = deliveries
    .slice(from)
    .filter(({ statusCode }) => status === null || (status === 'success') === isSuccess(statusCode));
  const shown = wanted.slice(0, size);
  const next = new URLSearchParams(call.query);
  next.set('cursor', String(shown.at(-1)?.id));
  const headers = wanted.length > size ? { link: `<${call.url}?${next}>; rel="next"` } : {};
  return { status: 200, json: shown.map(renderDelivery), headers };
}

function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 400;
}

export function deliveryOf(call: Call, hook: Hook): HookDelivery {
  const delivery = hook.deliveries.find((each) => each.id === numberParam(call, 'delivery_id'));
  if (delivery === undefined) throw notFound();
  return delivery;
}

/** OpenAPI `hook-delivery-item`. */
export function renderDelivery(delivery: HookDelivery) {
  return {
    id: delivery.id,
    guid: delivery.sent.deliveryId,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationSeconds,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.sent.name,
    action: delivery.action,
    installation_id: delivery.installation,
    repository_id: delivery.repository,
    throttled_at: null,
  };
}

/** OpenAPI `hook-delivery`: with what was sent and answered. */
export function renderWholeDelivery(delivery: HookDelivery, hook: Hook) {
  return {
    ...renderDelivery(delivery),
    url: hook.url,
    request: { headers: delivery.request.headers, payload: delivery.sent.payload },
    response: { headers: delivery.response.headers, payload: delivery.response.body },
  };
}
