import { isIPv4, isIPv6 } from 'node:net';
import type { HttpBindings } from '@hono/node-server';

/** Where a request comes from. The last entry of X-Forwarded-For is the one that our own proxy has written. */
export function clientAddress(from: 'socket' | 'proxy'): (env: unknown, headers: Headers) => string {
  return (env, headers) => {
    const forwarded = from === 'proxy' ? headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
    const { incoming } = (env ?? {}) as Partial<HttpBindings>;
    return network(forwarded || (incoming?.socket.remoteAddress ?? 'unknown'));
  };
}

/** Of IPv6 the first 64 bits: every customer has that many addresses, and must not have as many rate limits. */
export function network(address: string): string {
  if (isIPv4(address)) return address;
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return 'unknown';
  const [head = '', tail = ''] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const gap = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return `${[...first, ...gap, ...last].slice(0, 4).join(':')}::/64`;
}
