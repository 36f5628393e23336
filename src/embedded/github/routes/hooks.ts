import { deliver } from '../events/webhook-delivery.ts';
import { listAnswer, pageOf } from '../http/pagination.ts';
import { notFound, unprocessable, validationFailed } from '../http/problem.ts';
import {
  type Answer,
  created,
  noContent,
  numberParam,
  ok,
  type RepositoryCall,
  type Route,
  repositoryRoute,
} from '../http/route.ts';
import { type Access, writers } from '../identity/access.ts';
import { repositoryApiUrl } from '../render/repository.ts';
import type { Hook, HookDelivery } from '../state/repository-state.ts';
import { timestamp } from '../state/timestamp.ts';

const hooks = '/repos/{owner}/{repo}/hooks';
const write = writers('admin', 'repository_hooks');
const read: Access = {
  kind: 'repository',
  role: 'admin',
  needs: [{ permission: 'repository_hooks', level: 'read' }],
  signedIn: true,
};

export const hookRoutes: readonly Route[] = [
  repositoryRoute(`GET ${hooks}`, read, (call) =>
    listAnswer(call, call.repository.hooks, (hook) => render(call, hook)),
  ),
  repositoryRoute(`POST ${hooks}`, write, createHook),
  repositoryRoute(`GET ${hooks}/{hook_id}`, read, (call) => ok(render(call, hookOf(call)))),
  repositoryRoute(`PATCH ${hooks}/{hook_id}`, write, (call) => {
    const hook = hookOf(call);
    configure(call, hook);
    hook.updatedAt = timestamp(call.world.clock);
    return ok(render(call, hook));
  }),
  repositoryRoute(`DELETE ${hooks}/{hook_id}`, write, (call) => {
    call.repository.hooks.splice(call.repository.hooks.indexOf(hookOf(call)), 1);
    return noContent;
  }),
  repositoryRoute(`GET ${hooks}/{hook_id}/deliveries`, read, listDeliveries),
  repositoryRoute(`POST ${hooks}/{hook_id}/deliveries/{delivery_id}/attempts`, write, (call) => {
    const hook = hookOf(call);
    const delivery = hook.deliveries.find((each) => each.id === numberParam(call, 'delivery_id'));
    if (delivery === undefined) throw notFound();
    // The same delivery id again: that is how a receiver knows a repetition.
    void deliver({ ...call.world.deliveries, redelivery: true }, hook, delivery.sent);
    return { status: 202, json: {} };
  }),
];

/** Newest first, in pages that begin behind a delivery: what comes in meanwhile moves nothing. */
function listDeliveries(call: RepositoryCall): Answer {
  const { deliveries } = hookOf(call);
  const cursor = call.query.get('cursor');
  const { size } = pageOf(call);
  const from = cursor === null ? 0 : deliveries.findIndex(({ id }) => String(id) === cursor) + 1;
  if (cursor !== null && from === 0) throw unprocessable('Invalid cursor');
  const shown = deliveries.slice(from, from + size);
  const more = from + size < deliveries.length;
  const next = new URLSearchParams(call.query);
  next.set('cursor', String(shown.at(-1)?.id));
  const headers = more ? { link: `<${call.url}?${next}>; rel="next"` } : {};
  return { status: 200, json: shown.map(renderDelivery), headers };
}

function hookOf(call: RepositoryCall): Hook {
  const hook = call.repository.hooks.find((each) => each.id === numberParam(call, 'hook_id'));
  if (hook === undefined) throw notFound();
  return hook;
}

function createHook(call: RepositoryCall) {
  const { world, repository } = call;
  const now = timestamp(world.clock);
  const hook: Hook = {
    id: world.store.id(),
    active: true,
    events: ['push'],
    url: '',
    secret: undefined,
    contentType: 'form',
    createdAt: now,
    updatedAt: now,
    deliveries: [],
  };
  configure(call, hook);
  repository.hooks.push(hook);
  const rendered = render(call, hook);
  return created(rendered, rendered.url);
}

function configure(call: RepositoryCall, hook: Hook): void {
  const { body } = call;
  const config = body.object('config');
  const url = config.optionalString('url') ?? hook.url;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw validationFailed({ resource: 'Hook', field: 'config', code: 'custom', message: 'url is not a valid URL' });
  }
  hook.url = url;
  hook.secret = config.optionalString('secret') ?? hook.secret;
  hook.contentType = config.oneOf('content_type', ['json', 'form']) ?? hook.contentType;
  hook.active = body.optionalBoolean('active') ?? hook.active;
  hook.events = [...(body.optionalStrings('events') ?? hook.events)];
}

function render(call: RepositoryCall, hook: Hook) {
  const url = `${repositoryApiUrl(call.world, call.repository)}/hooks/${hook.id}`;
  const [last] = hook.deliveries;
  return {
    type: 'Repository',
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: {
      url: hook.url,
      content_type: hook.contentType,
      insecure_ssl: '0',
      ...(hook.secret === undefined ? {} : { secret: '********' }),
    },
    updated_at: hook.updatedAt,
    created_at: hook.createdAt,
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response:
      last === undefined
        ? { code: null, status: 'unused', message: null }
        : { code: last.statusCode, status: last.statusCode < 400 ? 'active' : 'misconfigured', message: last.status },
  };
}

function renderDelivery(delivery: HookDelivery) {
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
    installation_id: null,
    repository_id: null,
  };
}
