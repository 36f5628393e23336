import type { CursorStore, StoredCursor } from '../../src/ports/cursor-store.ts';

/** Cursors in a map: the whole of what they mean. */
export function memoryCursors(): CursorStore {
  const cursors = new Map<string, StoredCursor>();
  return {
    read: async (name) => cursors.get(name),
    write: async (name, value, over) => {
      const stored = cursors.get(name)?.version;
      if (stored !== over) return 'moved';
      cursors.set(name, { value: structuredClone(value), version: (stored ?? 0) + 1 });
      return 'written';
    },
  };
}
