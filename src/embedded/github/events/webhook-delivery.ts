import { createHmac } from 'node:crypto';
import { describeError } from '../../../domain/error.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { GitHubEvent } from '../state/github-event.ts';
import type { Hook, HookDelivery } from '../state/hook-state.ts';
import type { Repository } from '../state/repository-state.ts';
import { timestamp } from '../state/timestamp.ts';

/** GitHub gives a receiver ten seconds. */
const deadlineMs = 10_000;
/** GitHub keeps three days; an App's list is what a receiver finds missed deliveries in, so it is long. */
const keptDeliveries = { repository: 100, integration: 10_000 };
const keptResponseChars = 2_000;

export interface DeliveryContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly nextId: () => number;
  /** Sent before, and again because somebody asked for it. */
  readonly redelivery?: boolean;
}

/** Sends one event to every active hook of the repository that asked for it. Never waits, never retries: neither does GitHub. */
export function deliverToHooks(context: DeliveryContext, repository: Repository, event: GitHubEvent): void {
  const wanted = repository.hooks.filter((hook) => listens(hook, event.name));
  for (const hook of wanted) void deliver(context, hook, event);
}

export function listens(hook: Hook, name: string): boolean {
  return hook.active && (hook.events.includes('*') || hook.events.includes(name));
}

/** A failure is a result here: it is what the list of deliveries shows. */
export async function deliver(context: DeliveryContext, hook: Hook, event: GitHubEvent): Promise<void> {
  const started = context.clock.monotonic();
  const deliveredAt = timestamp(context.clock);
  const { headers, body } = requestOf(hook, event);
  const outcome = await post(context, hook.url, { headers, body }).catch((error: unknown) => ({
    statusCode: 0,
    status: `failed to connect to host: ${describeError(error)}`,
    response: { headers: {}, body: null },
  }));
  const action = event.payload['action'];
  hook.deliveries.unshift({
    id: context.nextId(),
    sent: event,
    redelivery: context.redelivery ?? false,
    action: typeof action === 'string' ? action : null,
    deliveredAt,
    durationSeconds: (context.clock.monotonic() - started) / 1000,
    installation: hook.target.type === 'integration' ? idOf(event.payload['installation']) : null,
    repository: hook.target.type === 'integration' ? idOf(event.payload['repository']) : null,
    request: { headers },
    ...outcome,
  });
  hook.deliveries.length = Math.min(hook.deliveries.length, keptDeliveries[hook.target.type]);
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function requestOf(hook: Hook, event: GitHubEvent): Sent {
  const json = JSON.stringify(event.payload);
  const body = hook.contentType === 'json' ? json : new URLSearchParams({ payload: json }).toString();
  const headers: Record<string, string> = {
    'user-agent': 'GitHub-Hookshot/embedded',
    'content-type': hook.contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    'x-github-event': event.name,
    'x-github-delivery': event.deliveryId,
    'x-github-hook-id': String(hook.id),
    'x-github-hook-installation-target-type': hook.target.type,
    'x-github-hook-installation-target-id': String(hook.target.id),
  };
  if (hook.secret !== undefined) {
    headers['x-hub-signature'] = `sha1=${createHmac('sha1', hook.secret).update(body).digest('hex')}`;
    headers['x-hub-signature-256'] = `sha256=${createHmac('sha256', hook.secret).update(body).digest('hex')}`;
  }
  return { headers, body };
}

async function post(
  { signal: closing }: DeliveryContext,
  url: string,
  { headers, body }: Sent,
): Promise<Pick<HookDelivery, 'statusCode' | 'status' | 'response'>> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(deadlineMs)]);
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  const { status } = response;
  return {
    statusCode: status,
    status: status < 400 ? 'OK' : `Invalid HTTP Response: ${status}`,
    response: {
      headers: Object.fromEntries(response.headers),
      body: (await response.text()).slice(0, keptResponseChars),
    },
  };
}

function idOf(value: unknown): number | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return typeof id === 'number' ? id : null;
}
