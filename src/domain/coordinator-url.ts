export type CoordinatorUrl =
  | { readonly kind: 'url'; readonly url: string }
  /** To follow the name of the value in a sentence: `is not …`. */
  | { readonly kind: 'problem'; readonly problem: string };

/** The base address of a coordinator, without a slash at its end. Tokens go there, so plain HTTP only on this machine. */
export function readCoordinatorUrl(text: string): CoordinatorUrl {
  const given = text.trim();
  if (!URL.canParse(given)) return problem('is not an address such as https://agents.example.com');
  const url = new URL(given);
  if (url.username !== '' || url.password !== '') {
    return problem('holds a user name or password; keys have their own variable');
  }
  if (url.search !== '' || url.hash !== '') return problem('holds a query or a fragment; give the base address alone');
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  if (!secure) return problem('is not https; plain http is allowed for localhost only, since tokens are sent there');
  return { kind: 'url', url: `${url.origin}${url.pathname}`.replace(/\/+$/, '') };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function problem(text: string): CoordinatorUrl {
  return { kind: 'problem', problem: text };
}
