import { deliver } from '../events/webhook-delivery.ts';
import { listAnswer } from '../http/pagination.ts';
import { notFound, validationFailed } from '../http/problem.ts';
import {
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
import type { Hook } from '../state/hook-state.ts';
import { timestamp } from '../state/timestamp.ts';
import { deliveryOf, listDeliveries } from './hook-deliveries.ts';

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
  repositoryRoute(`GET ${hooks}/{hook_id}/deliveries`, read, (call) => listDeliveries(call, hookOf(call))),
  repositoryRoute(`POST ${hooks}/{hook_id}/deliveries/{delivery_id}/attempts`, write, (call) => {
    const hook = hookOf(call);
    // The same delivery id again: that is how a receiver knows a repetition.
    void deliver({ ...call.world.deliveries, redelivery: true }, hook, deliveryOf(call, hook).sent);
    return { status: 202, json: {} };
  }),
];

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
    target: { type: 'repository', id: repository.id },
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
