import { apiKeyToken } from '../../src/adapters/coordinator/caller-token.ts';
import { type CoordinatorClient, createCoordinatorClient } from '../../src/adapters/coordinator/coordinator-client.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { startCoordinator } from '../../src/runtime/coordinator-server.ts';

export interface ServedCoordinator extends AsyncDisposable {
  readonly url: string;
  /** Of an admin. */
  readonly key: string;
  /** Another caller with the same key, as another machine would be. */
  client(fetch?: typeof globalThis.fetch): CoordinatorClient;
}

const plenty = { burst: 1_000_000, perSecond: 1_000_000 };

/** The real coordinator on loopback, over SQLite (in memory, unless a file is named), with the time of the clock; it sweeps only when asked to. */
export async function servedCoordinator(clock: Clock, stateFile = ':memory:'): Promise<ServedCoordinator> {
  const running = await startCoordinator({
    stateFile,
    host: '127.0.0.1',
    port: 0,
    adminKey: 'always',
    addressFrom: 'socket',
    log: () => {},
    clock,
    sweepEveryMs: 2_000_000_000,
    limits: { callerRate: plenty, addressRate: plenty, streams: 10_000, streamsPerCaller: 10_000 },
  });
  const key = running.adminKey ?? '';
  const over = new AbortController();
  let calls = 0;
  let clients = 0;
  return {
    url: running.url,
    key,
    client: (fetch) => {
      const own = ++clients;
      return createCoordinatorClient({
        url: running.url,
        token: apiKeyToken(key),
        userAgent: 'test',
        // The client's own: its waits are not what is simulated.
        clock: createSystemClock(),
        newId: () => `call-${own}-${++calls}`,
        signal: over.signal,
        log: () => {},
        ...(fetch !== undefined && { fetch }),
      });
    },
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await running.close(1_000);
    },
  };
}
