import type { MessageSealer } from '../../src/ports/message-sealer.ts';
import type { SealedToken, SealedTokenStore } from '../../src/ports/sealed-token-store.ts';

/** Sealed tokens in a map, each step in one turn of the loop as one conditional write is. */
export function memorySealedTokens(): SealedTokenStore {
  const items = new Map<number, { token?: SealedToken; turn?: { readonly id: string; readonly until: number } }>();
  const itemOf = (installation: number) => {
    const item = items.get(installation) ?? {};
    items.set(installation, item);
    return item;
  };
  return {
    read: async (installation) => itemOf(installation).token,
    takeTurn: async (installation, { turn, now, until, mintedBefore }) => {
      const item = itemOf(installation);
      const others = item.turn !== undefined && item.turn.id !== turn && item.turn.until > now;
      const young = item.token !== undefined && item.token.mintedAt >= mintedBefore;
      if (others || young) return 'taken';
      item.turn = { id: turn, until };
      return 'mine';
    },
    put: async (installation, turn, token) => {
      const item = itemOf(installation);
      if (item.turn?.id !== turn) return 'late';
      items.set(installation, { token });
      return 'stored';
    },
    giveUp: async (installation, turn) => {
      const item = itemOf(installation);
      if (item.turn?.id === turn) delete item.turn;
    },
  };
}

/** Turns bytes around and binds them to the context: enough to see that nobody stores a secret as it is. */
export function reversingSealer(): MessageSealer {
  const bound = (context: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(context).sort());
  return {
    seal: async (secret, context) => Buffer.from(`${bound(context)}\n${[...secret].reverse().join('')}`),
    open: async (sealed, context) => {
      const [told, reversed = ''] = Buffer.from(sealed).toString().split('\n');
      if (told !== bound(context)) throw new Error('sealed in another context');
      return [...reversed].reverse().join('');
    },
  };
}
