import { join } from 'node:path';
import { createGitHubApi } from '../../../src/adapters/github/api.ts';
import { createGitRefsClaimStore } from '../../../src/adapters/github/git-refs-claim-store.ts';
import { openSqliteCoordination } from '../../../src/adapters/sqlite/coordination.ts';
import type { ClaimStore } from '../../../src/ports/claim-store.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { startGitRefsServer } from '../../fakes/git-refs-server.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';
import type { VirtualTime } from './virtual-time.ts';

export type RoomKind = 'sqlite' | 'git-refs';

/** One store, and each actor's own way to it. */
export interface ContendedRoom extends AsyncDisposable {
  claimsOf(clock: Clock): ClaimStore;
}

/** SQLite has one clock, the coordinator's; in git refs every client reads its own. */
export async function contendedRoom(kind: RoomKind, coordinator: Clock): Promise<ContendedRoom> {
  if (kind === 'sqlite') {
    const folder = tempFolder();
    const books = openSqliteCoordination({ path: join(folder.root, 'state.db'), clock: coordinator });
    return {
      claimsOf: () => books.claims,
      [Symbol.asyncDispose]: async () => {
        await books[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  }
  const server = await startGitRefsServer();
  let ids = 0;
  return {
    claimsOf: (clock) => {
      const api = createGitHubApi({
        token: 'simulated',
        repository: { owner: 'octo', name: 'slug' },
        apiUrl: server.url,
        userAgent: 'verify-heartbeat',
        // Pacing would wait for time to pass in the middle of real work.
        clock: { ...clock, sleep: async () => {} },
        signal: new AbortController().signal,
        log: () => {},
      });
      const newId = (): string => {
        ids += 1;
        return `id-${ids}`;
      };
      return createGitRefsClaimStore({ api, newId });
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** `refused`: no connection. `lost`: it is done, nobody hears of it. `silent`: neither done nor answered. */
export type Trouble = 'none' | 'refused' | 'lost' | 'silent';

export interface Link {
  readonly store: ClaimStore;
  readonly time: VirtualTime;
  readonly delayMs: () => number;
  readonly trouble: () => Trouble;
}

/** A store at the other end of a slow line. `done`: at the moment at which the store has done it. */
export async function overLine<Value>(
  { time, delayMs, trouble }: Omit<Link, 'store'>,
  call: () => Promise<Value>,
  done: (value: Value) => void = () => {},
): Promise<Value> {
  await time.clock.sleep(delayMs());
  const kind = trouble();
  if (kind === 'refused') throw new Error('ECONNREFUSED');
  if (kind === 'silent') return new Promise(() => {});
  const value = await time.work(async () => {
    const answer = await call();
    done(answer);
    return answer;
  });
  if (kind === 'lost') return new Promise(() => {});
  await time.clock.sleep(delayMs());
  return value;
}
