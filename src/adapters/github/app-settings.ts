import type { GitHubCalls } from './api.ts';
import { integerIn, type JsonObject, objectIn, textIn, textOrNullIn } from './json-reader.ts';

export interface AppInfo {
  readonly id: number;
  readonly slug: string;
  /** Its public page. */
  readonly page: string;
  /** Login of the organisation or person that it belongs to. */
  readonly owner: string;
  /** The number that stays when the login changes. */
  readonly ownerId: number;
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
}

export interface AppHook {
  /** Empty: the App has no webhook. */
  readonly url: string;
  readonly contentType: string;
  /** GitHub shows that there is one, never which. */
  readonly hasSecret: boolean;
}

/** What an App may read and change of itself. `api` is signed in as the App, with its JWT. */
export interface AppSettings {
  me(): Promise<AppInfo>;
  hook(): Promise<AppHook>;
  setHook(hook: { readonly url: string; readonly secret: string }): Promise<AppHook>;
  installedFor(): Promise<readonly AppAccount[]>;
}

/** Who installed it. */
export interface AppAccount {
  readonly login: string;
  /** Of an owner of repositories; an enterprise is none. */
  readonly id?: number;
}

export function createAppSettings(api: GitHubCalls): AppSettings {
  return {
    me: async () => {
      const answer = await api.send({ route: 'GET /app', purpose: 'sign in as the App' });
      return readAppInfo(objectIn(answer.data, 'the App'));
    },
    hook: async () => {
      const answer = await api.send({ route: 'GET /app/hook/config', purpose: "read the App's webhook" });
      return readHook(objectIn(answer.data, 'the webhook'));
    },
    setHook: async ({ url, secret }) => {
      const answer = await api.send({
        route: 'PATCH /app/hook/config',
        // As `data`: the client takes a parameter `url` for the address of the request itself, token and all.
        params: { data: { url, secret, content_type: 'json', insecure_ssl: '0' } },
        purpose: `let the App's webhook go to ${url}`,
      });
      return readHook(objectIn(answer.data, 'the webhook'));
    },
    installedFor: async () => {
      const found = await api.list({ route: 'GET /app/installations', purpose: 'ask who installed the App' });
      return found.map((entry) => accountOf(objectIn(entry, 'an installation')));
    },
  };
}

export function readAppInfo(data: JsonObject): AppInfo {
  const { events } = data;
  return {
    id: integerIn(data, 'id'),
    slug: textIn(data, 'slug'),
    page: textIn(data, 'html_url'),
    owner: textIn(objectIn(data['owner'], 'owner'), 'login'),
    ownerId: integerIn(objectIn(data['owner'], 'owner'), 'id'),
    permissions: objectIn(data['permissions'] ?? {}, 'permissions'),
    events: Array.isArray(events) ? events.filter((event) => typeof event === 'string') : [],
  };
}

/** An enterprise has no login. */
function accountOf({ id, account }: JsonObject): AppAccount {
  const of = typeof account === 'object' && account !== null ? (account as JsonObject) : {};
  if (typeof of['login'] === 'string') return { login: of['login'], id: integerIn(of, 'id') };
  return { login: typeof of['slug'] === 'string' ? of['slug'] : `installation ${String(id)}` };
}

function readHook(data: JsonObject): AppHook {
  return {
    url: textOrNullIn(data, 'url'),
    contentType: textOrNullIn(data, 'content_type'),
    hasSecret: textOrNullIn(data, 'secret') !== '',
  };
}
