export interface PromisedAddresses {
  add(host: string, path: string): void;
  has(host: string, path: string): boolean;
}

const most = 1_000;

/** Addresses that allowed hosts gave out in redirects; the oldest are forgotten first. */
export function rememberPromises(): PromisedAddresses {
  const known = new Set<string>();
  return {
    add(host, path) {
      known.add(`${host}${path}`);
      if (known.size <= most) return;
      for (const oldest of known) {
        known.delete(oldest);
        break;
      }
    },
    has: (host, path) => known.has(`${host}${path}`),
  };
}
