import { deliver } from '../events/webhook-delivery.ts';
import { validationFailed } from '../http/problem.ts';
import { type Call, globalRoute, ok, type Route } from '../http/route.ts';
import { appJwt } from '../identity/access.ts';
import type { Hook } from '../state/hook-state.ts';
import { timestamp } from '../state/timestamp.ts';
import { appOf } from './apps.ts';
import { deliveryOf, listDeliveries, renderWholeDelivery } from './hook-deliveries.ts';

/** The one webhook of a GitHub App, by the App itself. */
export const appHookRoutes: readonly Route[] = [
  globalRoute('GET /app/hook/config', appJwt, (call) => ok(renderConfig(appOf(call).hook))),
  globalRoute('PATCH /app/hook/config', appJwt, configure),
  globalRoute('GET /app/hook/deliveries', appJwt, (call) => listDeliveries(call, appOf(call).hook)),
  globalRoute('GET /app/hook/deliveries/{delivery_id}', appJwt, (call) => {
    const { hook } = appOf(call);
    return ok(renderWholeDelivery(deliveryOf(call, hook), hook));
  }),
  globalRoute('POST /app/hook/deliveries/{delivery_id}/attempts', appJwt, (call) => {
    const { hook } = appOf(call);
    // The same delivery id again: that is how a receiver knows a repetition.
    void deliver({ ...call.world.deliveries, redelivery: true }, hook, deliveryOf(call, hook).sent);
    return { status: 202, json: {} };
  }),
];

function configure(call: Call) {
  const { hook } = appOf(call);
  const { body } = call;
  const url = body.optionalString('url') ?? hook.url;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw validationFailed({ resource: 'Hook', field: 'url', code: 'custom', message: 'url is not a valid URL' });
  }
  hook.url = url;
  hook.secret = body.optionalString('secret') ?? hook.secret;
  hook.contentType = body.oneOf('content_type', ['json', 'form']) ?? hook.contentType;
  // An App without an address hears nothing; the first one switches its webhook on.
  hook.active = true;
  hook.updatedAt = timestamp(call.world.clock);
  return ok(renderConfig(hook));
}

/** OpenAPI `webhook-config`. */
function renderConfig(hook: Hook) {
  return {
    url: hook.url,
    content_type: hook.contentType,
    insecure_ssl: '0',
    ...(hook.secret === undefined ? {} : { secret: '********' }),
  };
}
