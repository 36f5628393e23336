import { isObject } from '../json-shape.ts';
import type { QueuedDelivery } from './queued-message.ts';

/** GitHub sends a delivery again for three days; a day more for clocks and queues. */
const believedMs = 4 * 24 * 60 * 60_000;

/**
 * Whether a delivery tells of something that happened longer ago than GitHub would still send it: a body that somebody kept, and
 * sends again when nobody remembers having heard it. Events that tell no time are believed.
 */
export function isTooLate({ receivedAt, payload }: Pick<QueuedDelivery, 'receivedAt' | 'payload'>): boolean {
  const at = toldAt(payload);
  return at !== undefined && receivedAt - at > believedMs;
}

/** When it happened: of a comment that was written, else of the issue's last change. */
function toldAt({ comment, issue, pull_request }: QueuedDelivery['payload']): number | undefined {
  if (isObject(comment)) return timeIn(comment, 'created_at');
  const about = [issue, pull_request].find(isObject);
  return about && timeIn(about, 'updated_at');
}

function timeIn(object: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const text = object[name];
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) ? at : undefined;
}
