import type { LedgerPart, LedgerStore } from '../../src/ports/ledger-store.ts';

export interface MemoryLedgerStore extends LedgerStore {
  /** By key; a test may change it. */
  readonly parts: Map<string, Uint8Array>;
}

/** A ledger in memory. Each call gives way to the others before it acts, as a real store does. */
export function memoryLedgerStore(parts: Map<string, Uint8Array> = new Map()): MemoryLedgerStore {
  const version = '1';
  const part = (key: string): LedgerPart | undefined => {
    const body = parts.get(key);
    return body && { key, version, bytes: body.length };
  };
  return {
    parts,
    putNew: async (key, body) => {
      await Promise.resolve();
      if (parts.has(key)) return 'exists';
      parts.set(key, Uint8Array.from(body));
      return { key, version, bytes: body.length };
    },
    replace: async (key, body) => {
      await Promise.resolve();
      parts.set(key, Uint8Array.from(body));
    },
    read: async (key, wanted = version) => {
      await Promise.resolve();
      return wanted === version ? parts.get(key) : undefined;
    },
    find: async (key) => {
      await Promise.resolve();
      return part(key);
    },
    async *list(prefix) {
      for (const key of [...parts.keys()].filter((each) => each.startsWith(prefix)).sort()) {
        await Promise.resolve();
        const found = part(key);
        if (found !== undefined) yield { ...found, versions: 1 };
      }
    },
    remove: async (key) => {
      await Promise.resolve();
      parts.delete(key);
    },
  };
}
