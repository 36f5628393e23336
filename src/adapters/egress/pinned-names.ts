import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { classifyAddress } from '../../domain/egress/address-class.ts';

/** What a name leads to, by the machine's own resolver. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export type Pinned =
  | { readonly kind: 'addresses'; readonly addresses: readonly [string, ...string[]] }
  | { readonly kind: 'refused'; readonly why: string };

export interface PinnedNames {
  addressesOf(host: string): Promise<Pinned>;
  /** None of its addresses answered: asked anew the next time. */
  forget(host: string): void;
}

export const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/**
 * Asks for each name once and looks at every address before anything connects to it. What was looked at is what is connected
 * to, for the rest of the run: a name that answers differently the second time (DNS rebinding) is not asked a second time.
 */
export function pinNames(resolve: Resolve, machine: () => readonly string[] = addressesOfMachine): PinnedNames {
  const known = new Map<string, Promise<Pinned>>();
  const ask = async (host: string): Promise<Pinned> => {
    const own = machine();
    const found = await inTime(host, resolve(host));
    const judged = found.map((address) => ({
      address,
      is: own.includes(address) ? ('this machine' as const) : classifyAddress(address),
    }));
    const [first, ...others] = judged.filter(({ is }) => is === 'public').map(({ address }) => address);
    if (first !== undefined) return { kind: 'addresses', addresses: [first, ...others] };
    const seen = judged.map(({ address, is }) => `${address} (${is})`).join(', ');
    return { kind: 'refused', why: found.length === 0 ? 'it has no address' : `it leads to ${seen}` };
  };
  return {
    addressesOf(host) {
      const asked = known.get(host) ?? ask(host);
      known.set(host, asked);
      // A resolver that failed may answer the next time.
      asked.catch(() => known.delete(host));
      return asked;
    },
    forget: (host) => void known.delete(host),
  };
}

const resolveMs = 15_000;

async function inTime(host: string, found: Promise<readonly string[]>): Promise<readonly string[]> {
  const done = new AbortController();
  const late = delay(resolveMs, undefined, { signal: done.signal }).then(() => {
    throw new Error(`no name server answered for ${host} within ${resolveMs / 1000} s`);
  });
  try {
    return await Promise.race([found, late]);
  } finally {
    late.catch(() => undefined);
    done.abort();
  }
}

/** What is bound to every interface of this machine answers on these too. */
function addressesOfMachine(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((of) => (of ?? []).map(({ address }) => address));
}
