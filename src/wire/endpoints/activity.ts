import * as z from 'zod';
import { activityEvent } from '../activity.ts';
import { type Endpoint, readers } from '../endpoint.ts';
import { pageLimit } from '../page.ts';
import { claimKey, count, id, keyPrefix, moment } from '../text.ts';

/** With `Accept: text/event-stream` the same as server-sent events: `id` is the seq, `data` the event, until the client goes. */
export const readActivity = {
  id: 'readActivity',
  method: 'GET',
  path: '/v1/activity',
  tag: 'activity',
  summary: 'What happened, in order; as server-sent events it goes on with what comes',
  access: readers,
  query: z.strictObject({
    after: count.meta({ description: 'Events after this position' }).exactOptional(),
    since: moment.exactOptional(),
    task: claimKey.exactOptional(),
    run: id.exactOptional(),
    actor: id.meta({ description: 'By this actor, or by any that begins so when it ends in `/`' }).exactOptional(),
    prefix: keyPrefix.meta({ description: 'About tasks whose keys begin so: `github/octo/slug/`' }).exactOptional(),
    limit: pageLimit,
  }),
  answer: z.strictObject({ events: z.array(activityEvent) }),
} as const satisfies Endpoint;
