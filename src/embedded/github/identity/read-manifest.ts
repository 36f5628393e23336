import type { AppManifest } from './app-manifests.ts';

export type ReadManifest =
  | { readonly kind: 'manifest'; readonly manifest: AppManifest }
  | { readonly kind: 'refused'; readonly reason: string };

/** https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest: the parameters of one. */
export function readManifest(text: string, owner: string): ReadManifest {
  const given = jsonObject(text);
  if (given === undefined) return { kind: 'refused', reason: 'the manifest is no JSON object' };
  const name = given['name'];
  const url = given['url'];
  const redirectUrl = given['redirect_url'];
  if (typeof name !== 'string' || name === '' || name.length > 34)
    return { kind: 'refused', reason: 'name: 1 to 34 characters' };
  if (!isAddress(url)) return { kind: 'refused', reason: 'url: the address of the App’s home page' };
  if (!isAddress(redirectUrl)) return { kind: 'refused', reason: 'redirect_url: the address that gets the code' };
  const hook = record(given['hook_attributes']);
  const hookUrl = hook['url'];
  if (given['hook_attributes'] !== undefined && !isAddress(hookUrl))
    return { kind: 'refused', reason: 'hook_attributes.url: an address' };
  const { description } = given;
  const events = Array.isArray(given['default_events']) ? given['default_events'].filter(isText) : [];
  const permissions = Object.entries(record(given['default_permissions'])).filter(([, level]) => isText(level));
  return {
    kind: 'manifest',
    manifest: {
      ...{ name, url, redirectUrl, owner, events },
      description: isText(description) ? description : undefined,
      webhook: isAddress(hookUrl) ? { url: hookUrl, active: hook['active'] !== false } : undefined,
      permissions: Object.fromEntries(permissions) as Record<string, string>,
    },
  };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? record(value) : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isAddress(value: unknown): value is string {
  return isText(value) && /^https?:\/\//.test(value) && URL.canParse(value);
}
