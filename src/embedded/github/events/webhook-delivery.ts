import { createHmac } from 'node:crypto';
import { describeError } from '../../../domain/error.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { GitHubEvent } from '../state/github-event.ts';
import type { Hook, Repository } from '../state/repository-state.ts';
import { timestamp } from '../state/timestamp.ts';

/** GitHub gives a receiver ten seconds. */
const deadlineMs = 10_000;
const keptDeliveries = 100;

export interface DeliveryContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly nextId: () => number;
  /** Sent before, and again because somebody asked for it. */
  readonly redelivery?: boolean;
}

/** Sends one event to every active hook that asked for it. Never waits, never retries: neither does GitHub. */
export function deliverToHooks(context: DeliveryContext, repository: Repository, event: GitHubEvent): void {
  const wanted = repository.hooks.filter((hook) => hook.active && listens(hook, event.name));
  for (const hook of wanted) void deliver(context, hook, event);
}

function listens(hook: Hook, name: string): boolean {
  return hook.events.includes('*') || hook.events.includes(name);
}

/** A failure is a result here: it is what the list of deliveries shows. */
export async function deliver(context: DeliveryContext, hook: Hook, event: GitHubEvent): Promise<void> {
  const started = context.clock.monotonic();
  const deliveredAt = timestamp(context.clock);
  const outcome = await post(context, hook, event).then(
    (status) => ({ statusCode: status, status: status < 400 ? 'OK' : `Invalid HTTP Response: ${status}` }),
    (error: unknown) => ({ statusCode: 0, status: `failed to connect to host: ${describeError(error)}` }),
  );
  const action = event.payload['action'];
  hook.deliveries.unshift({
    id: context.nextId(),
    sent: event,
    redelivery: context.redelivery ?? false,
    action: typeof action === 'string' ? action : null,
    deliveredAt,
    durationSeconds: (context.clock.monotonic() - started) / 1000,
    ...outcome,
  });
  hook.deliveries.length = Math.min(hook.deliveries.length, keptDeliveries);
}

async function post(context: DeliveryContext, hook: Hook, event: GitHubEvent): Promise<number> {
  const json = JSON.stringify(event.payload);
  const body = hook.contentType === 'json' ? json : new URLSearchParams({ payload: json }).toString();
  const headers: Record<string, string> = {
    'user-agent': 'GitHub-Hookshot/embedded',
    'content-type': hook.contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    'x-github-event': event.name,
    'x-github-delivery': event.deliveryId,
    'x-github-hook-id': String(hook.id),
    'x-github-hook-installation-target-type': 'repository',
  };
  if (hook.secret !== undefined) {
    headers['x-hub-signature'] = `sha1=${createHmac('sha1', hook.secret).update(body).digest('hex')}`;
    headers['x-hub-signature-256'] = `sha256=${createHmac('sha256', hook.secret).update(body).digest('hex')}`;
  }
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(deadlineMs)]);
  const response = await fetch(hook.url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  await response.body?.cancel();
  return response.status;
}
