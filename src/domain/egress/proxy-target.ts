/** Where a command wants to go, as it told the proxy. */
export interface ProxyTarget {
  /** Lower case, without a trailing dot. */
  readonly host: string;
  readonly port: number;
}

export type ParsedTarget =
  | ({ readonly kind: 'target' } & ProxyTarget)
  | { readonly kind: 'refused'; readonly why: string };

const longestName = 253;
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** What some resolvers take for a number: `2130706433`, `0x7f000001`, `127.1`, `0177.0.0.1`. */
const numeric = /^(?:\d+|0x[0-9a-f]*)$/;

/**
 * Reads the authority of a CONNECT request: `registry.npmjs.org:443`. A name in plain ASCII and a port, and nothing that two
 * programs could read in two ways: no NUL or other odd character, no percent sign, no address in any notation.
 */
export function parseProxyTarget(authority: string): ParsedTarget {
  if (authority.length > longestName + 8) return refused('the name is too long');
  const colon = authority.lastIndexOf(':');
  const port = colon < 0 ? '' : authority.slice(colon + 1);
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) return refused('it names no port');
  const name = authority.slice(0, colon).toLowerCase();
  const host = name.endsWith('.') ? name.slice(0, -1) : name;
  const problem = hostProblem(host);
  return problem === undefined ? { kind: 'target', host, port: Number(port) } : refused(problem);
}

function hostProblem(host: string): string | undefined {
  const labels = host.split('.');
  if (host.startsWith('[') || host.includes(':')) return 'it is an address, and only names are allowed';
  if (!labels.every((part) => label.test(part))) return 'it is not the name of a host';
  return numeric.test(labels.at(-1) ?? '') ? 'it is an address, and only names are allowed' : undefined;
}

function refused(why: string): ParsedTarget {
  return { kind: 'refused', why };
}

export const notListed = 'it is not on the list of allowed hosts';

/** Only what is listed, only over HTTPS: what was named is what is reached, and nobody on the way reads or changes it. */
export function targetProblem({ host, port }: ProxyTarget, allowed: readonly string[]): string | undefined {
  if (!allowed.includes(host)) return notListed;
  return port === 443 ? undefined : `port ${port} is not allowed, only 443 (HTTPS)`;
}
