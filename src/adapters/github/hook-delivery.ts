import type { AppDelivery } from '../../ports/forge-app.ts';
import type { HookDeliveryInfo } from '../../ports/forge-hooks.ts';
import { integerIn, objectIn, textIn, textOrNullIn } from './json-reader.ts';

/** What was sent to a webhook, a repository's or the App's: both are told alike. */
export function readHookDelivery(data: unknown): HookDeliveryInfo & AppDelivery {
  const delivery = objectIn(data, 'delivery');
  const action = textOrNullIn(delivery, 'action');
  return {
    id: integerIn(delivery, 'id'),
    guid: textIn(delivery, 'guid'),
    event: textIn(delivery, 'event'),
    ...(action !== '' && { action }),
    deliveredAt: textIn(delivery, 'delivered_at'),
    redelivery: delivery['redelivery'] === true,
    status: textIn(delivery, 'status'),
    statusCode: integerIn(delivery, 'status_code'),
  };
}

/** Deliveries come in pages that are named by a cursor in the address of the next one. */
export function nextCursor(link: string): string | undefined {
  const next = /<([^<>]{1,2000})>;\s{0,5}rel="next"/.exec(link)?.[1];
  return next === undefined ? undefined : (new URL(next).searchParams.get('cursor') ?? undefined);
}
