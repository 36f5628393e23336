import { ulid } from 'ulid';
import { createApiKeyStore } from '../adapters/sqlite/api-keys.ts';
import { sqliteCoordination } from '../adapters/sqlite/coordination.ts';
import { openDatabase } from '../adapters/sqlite/database.ts';
import { createIdempotencyStore } from '../adapters/sqlite/idempotency.ts';
import { probeDatabase } from '../adapters/sqlite/probe.ts';
import { createSqliteTaskQueue } from '../adapters/sqlite/task-queue.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import type { Clock } from '../ports/clock.ts';
import type { OidcSettings } from '../server/access/github-oidc.ts';
import type { DispatchParts, LogEntry, ServerLimits } from '../server/app-options.ts';
import { createCoordinatorApp } from '../server/coordinator-app.ts';
import { makeAdminKey } from './admin-key.ts';
import { clientAddress } from './client-address.ts';
import { openFileObjects } from './file-objects.ts';
import type { GitHubAccess } from './github-access.ts';
import { listen } from './http-server.ts';
import { createIssueLookUps } from './issue-look-ups.ts';
import { createLiveness } from './liveness.ts';
import { startSweeper } from './sweeper.ts';
import { version } from './version.ts';
import { webhookDelivery } from './webhook-delivery.ts';

export interface CoordinatorOptions {
  /** The SQLite file, or `:memory:`. */
  readonly stateFile: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly adminKey: 'if-none' | 'always';
  /** Without an audience tokens must be made for the address that we listen on. */
  readonly oidc?: Omit<OidcSettings, 'audience'> & Partial<Pick<OidcSettings, 'audience'>>;
  readonly github?: {
    readonly webhookSecrets: readonly string[];
    /** `github.com`: where addresses in issues must lead to name anything. */
    readonly host: string;
    /** With the coordinator's own token: whether runs live, issues that are named and not known. */
    readonly access?: GitHubAccess;
  };
  /** Runs that wait in the books for workflow runs that are dispatched: where their tasks lie, and who makes their tokens. */
  readonly dispatch?: DispatchParts;
  /** `proxy`: what the last proxy says in X-Forwarded-For; only when nobody else can reach us. */
  readonly addressFrom: 'socket' | 'proxy';
  readonly log: (entry: LogEntry) => void;
  readonly limits?: Partial<ServerLimits>;
  readonly clock?: Clock;
  /** Default: a minute. */
  readonly sweepEveryMs?: number;
}

export interface RunningCoordinator {
  readonly url: string;
  /** Told when one was made; the store has only its hash. */
  readonly adminKey: string | undefined;
  /** Drains: no new connections, streams end, what is in flight finishes or is cut at the deadline, the store is closed. */
  close(deadlineMs?: number): Promise<void>;
}

const defaultDrainMs = 20_000;
/** How old GitHub's word that a run lives may be: for those who want its claim now, and for who looks every minute. */
const believedByCallersMs = 5_000;
const believedBySweeperMs = 5 * 60_000;

/** The coordinator on this machine: HTTP over SQLite, and the sweeper. */
export async function startCoordinator(options: CoordinatorOptions): Promise<RunningCoordinator> {
  const { github, log, oidc } = options;
  let ownAddress = '';
  const clock = options.clock ?? createSystemClock();
  const newId = () => ulid(clock.now());
  const database = openDatabase({ path: options.stateFile, clock });
  const coordination = sqliteCoordination(database);
  const stopping = new AbortController();
  try {
    const files = await openFileObjects(options.stateFile, clock);
    const keys = createApiKeyStore(database);
    const liveness = github?.access && createLiveness({ ask: github.access.holderIsDead, clock, log });
    const books = { ...coordination, clock, newId };
    const app = createCoordinatorApp({
      coordination,
      queue: createSqliteTaskQueue(database),
      ...files,
      access: {
        keys,
        idempotency: createIdempotencyStore(database),
        ...(oidc && {
          oidc: {
            ...oidc,
            get audience() {
              return oidc.audience ?? ownAddress;
            },
          },
        }),
      },
      ...(github && {
        github: {
          webhookSecrets: github.webhookSecrets,
          deliver: webhookDelivery({
            books,
            host: github.host,
            ...(github.access && { connect: github.access.connect }),
            lookUps: createIssueLookUps(clock),
            log,
          }),
          ...(liveness && { holderIsDead: liveness(believedByCallersMs) }),
        },
      }),
      ...(options.dispatch && { dispatch: options.dispatch }),
      probeStore: () => probeDatabase(database),
      clock,
      newId,
      version,
      log,
      addressOf: clientAddress(options.addressFrom),
      stopping: stopping.signal,
      ...(options.limits && { limits: options.limits }),
    });
    const server = await listen(app, options);
    ownAddress = server.url;
    // Not before: a key that is made and never told would be lost.
    const adminKey = await makeAdminKey(keys, clock, { when: options.adminKey }).catch(async (error: unknown) => {
      await server.drain(0);
      throw error;
    });
    const holderIsDead = liveness?.(believedBySweeperMs) ?? (async () => false);
    const sweeper = startSweeper({ ...books, holderIsDead }, options.sweepEveryMs ?? 60_000, log);
    let closing: Promise<void> | undefined;
    return {
      url: server.url,
      adminKey,
      close: (deadlineMs = defaultDrainMs) => {
        closing ??= (async () => {
          stopping.abort();
          await Promise.all([server.drain(deadlineMs), sweeper.stop()]);
          await coordination[Symbol.asyncDispose]();
        })();
        return closing;
      },
    };
  } catch (error) {
    await coordination[Symbol.asyncDispose]();
    throw error;
  }
}
