import { createApiKeyStore } from '../../src/adapters/sqlite/api-keys.ts';
import { sqliteCoordination } from '../../src/adapters/sqlite/coordination.ts';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createIdempotencyStore } from '../../src/adapters/sqlite/idempotency.ts';
import { probeDatabase } from '../../src/adapters/sqlite/probe.ts';
import { createSqliteTaskQueue } from '../../src/adapters/sqlite/task-queue.ts';
import type { AccessRole } from '../../src/domain/access/api-key.ts';
import type { ApiKeyStore } from '../../src/ports/api-key-store.ts';
import type { Coordination } from '../../src/ports/coordination.ts';
import { newSecret } from '../../src/server/access/api-key-secret.ts';
import type { CoordinatorAppOptions, LogEntry, ServerLimits } from '../../src/server/app-options.ts';
import { type CoordinatorApp, createCoordinatorApp } from '../../src/server/coordinator-app.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';

export interface SceneOptions
  extends Pick<Partial<CoordinatorAppOptions>, 'github' | 'dispatch' | 'objects' | 'transfers'> {
  readonly oidc?: CoordinatorAppOptions['access']['oidc'];
  readonly limits?: Partial<ServerLimits>;
  readonly clock?: CoordinatorAppOptions['clock'];
}

export interface Scene extends AsyncDisposable {
  readonly app: CoordinatorApp;
  readonly coordination: Coordination;
  readonly keys: ApiKeyStore;
  readonly clock: SimulatedClock;
  readonly log: readonly LogEntry[];
  readonly stop: () => void;
  /** A new key of this role, as it is shown. */
  key(
    role: AccessRole,
    more?: { readonly repositories?: readonly string[]; readonly expiresAt?: number },
  ): Promise<string>;
  /** As the app answers, without a network. */
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
}

export interface Ask {
  readonly token?: string;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of all shapes.
  readonly body: any;
}

/** The coordinator's app over a store in memory, with a clock that stands still. */
export function coordinatorScene(options: SceneOptions = {}): Scene {
  const simulated = simulatedClock();
  const clock = options.clock ?? simulated;
  const database = openDatabase({ path: ':memory:', clock });
  const coordination = sqliteCoordination(database);
  const keys = createApiKeyStore(database);
  const log: LogEntry[] = [];
  const stopping = new AbortController();
  let ids = 0;
  const app = createCoordinatorApp({
    coordination,
    queue: createSqliteTaskQueue(database),
    access: {
      keys,
      idempotency: createIdempotencyStore(database),
      ...(options.oidc && { oidc: options.oidc }),
    },
    ...(options.github && { github: options.github }),
    ...(options.dispatch && { dispatch: options.dispatch }),
    ...(options.objects && { objects: options.objects }),
    ...(options.transfers && { transfers: options.transfers }),
    probeStore: () => probeDatabase(database),
    clock,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    version: '0.0.0-test',
    log: (entry) => log.push(entry),
    addressOf: (_env, headers) => headers.get('x-test-address') ?? '192.0.2.1',
    stopping: stopping.signal,
    ...(options.limits && { limits: options.limits }),
  });
  let made = 0;
  return {
    app,
    coordination,
    keys,
    clock: simulated,
    log,
    stop: () => stopping.abort(),
    key: async (role, more = {}) => {
      const { id, token, hash } = newSecret();
      made += 1;
      const key = { id, name: `${role}-${made}`, role, createdAt: clock.now(), createdBy: 'system', ...more };
      await keys.add({ key, hash });
      return token;
    },
    ask: async (method, path, { token, body, headers = {} } = {}) => {
      const isText = typeof body === 'string';
      const response = await app.request(path, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    [Symbol.asyncDispose]: () => coordination[Symbol.asyncDispose](),
  };
}

/** A claim as anybody may ask for it. */
export function claimOf(number: number, run: string, repository = 'octo/slug') {
  return {
    key: `github/${repository}/issues/${number}`,
    holder: { owner: `coder/${run}`, runId: run, kind: 'agent', reason: 'a test' },
    leaseId: `lease-${run}`,
    ttlMs: 60_000,
  };
}
