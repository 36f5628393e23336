import type { ForgeHooks, HookDeliveryInfo, HookInfo, HookSettings } from '../../ports/forge-hooks.ts';
import type { GitHubApi } from './api.ts';
import { nextCursor, readHookDelivery } from './hook-delivery.ts';
import { integerIn, listIn, objectIn, textOrNullIn } from './json-reader.ts';

const hooks = '/repos/{owner}/{repo}/hooks';
const oneHook = `${hooks}/{hook_id}`;
const perPage = 100;

export function createForgeHooks(api: GitHubApi): ForgeHooks {
  return {
    list: async () => (await api.list({ route: `GET ${hooks}`, purpose: 'list the webhooks' })).map(readHook),

    create: async (settings) => {
      const answer = await api.send({
        route: `POST ${hooks}`,
        params: { name: 'web', active: true, ...configured(settings) },
        purpose: `register a webhook to ${settings.url}`,
        // GitHub refuses a second one to the same address, but not while the first answer is on its way.
        onlyOnce: true,
      });
      return readHook(answer.data);
    },

    update: async (id, settings) => {
      const answer = await api.send({
        route: `PATCH ${oneHook}`,
        params: { hook_id: id, active: true, ...configured(settings) },
        purpose: `change webhook ${id}`,
      });
      return readHook(answer.data);
    },

    delete: async (id) => {
      const answer = await api.send({
        route: `DELETE ${oneHook}`,
        params: { hook_id: id },
        purpose: `delete webhook ${id}`,
        expected: [404],
      });
      return answer.status === 404 ? 'missing' : 'deleted';
    },

    deliveries: async (id, limit) => {
      const found: HookDeliveryInfo[] = [];
      let cursor: string | undefined;
      while (found.length < limit) {
        const answer = await api.send({
          route: `GET ${oneHook}/deliveries`,
          params: { hook_id: id, per_page: Math.min(perPage, limit - found.length), ...(cursor && { cursor }) },
          purpose: `list what was sent to webhook ${id}`,
        });
        const entries: readonly unknown[] = Array.isArray(answer.data) ? answer.data : [];
        found.push(...entries.map(readHookDelivery));
        cursor = nextCursor(answer.headers['link'] ?? '');
        if (cursor === undefined || entries.length === 0) break;
      }
      return found.slice(0, limit);
    },

    redeliver: async (id, delivery) => {
      const answer = await api.send({
        route: `POST ${oneHook}/deliveries/{delivery_id}/attempts`,
        params: { hook_id: id, delivery_id: delivery },
        purpose: `send delivery ${delivery} again`,
        expected: [404],
      });
      return answer.status === 404 ? 'missing' : 'accepted';
    },
  };
}

function configured({ url, events, secret }: HookSettings) {
  return { events: [...events], config: { url, secret, content_type: 'json', insecure_ssl: '0' } };
}

function readHook(data: unknown): HookInfo {
  const hook = objectIn(data, 'webhook');
  const last = objectIn(hook['last_response'], 'last_response');
  const code = last['code'];
  return {
    id: integerIn(hook, 'id'),
    url: textOrNullIn(objectIn(hook['config'], 'config'), 'url'),
    events: listIn(hook, 'events').map(String),
    active: hook['active'] === true,
    ...(typeof code === 'number' && { lastStatus: { code, text: textOrNullIn(last, 'message') } }),
  };
}
