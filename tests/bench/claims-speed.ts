import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSqliteClaimStore } from '../../src/adapters/sqlite/claim-store.ts';
import { openDatabase } from '../../src/adapters/sqlite/database.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { nothing } from '../../src/domain/coordination/amounts.ts';
import type { Reservation } from '../../src/domain/coordination/budget-record.ts';
import type { ClaimStore } from '../../src/ports/claim-store.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

export interface SpeedOptions {
  readonly contenders: number;
  /** Acquires of all contenders together. */
  readonly attempts: number;
  /** `own`: each contender has a key to itself. `one`: all want the same. */
  readonly keys: 'own' | 'one';
  readonly budgets: boolean;
}

export interface SpeedRun {
  readonly seconds: number;
  readonly grants: number;
  readonly acquireMs: readonly number[];
  readonly commits: number;
}

const holder = { owner: 'coder/measured', runId: 'measured', kind: 'agent', reason: 'measured' } as const;

const reserve: Reservation = {
  draws: ['issue/octo/slug/1', 'repository/octo/slug', 'organisation/octo'].map((key) => ({
    key,
    caps: { runs: 1_000 },
  })),
  amounts: { ...nothing, microUsd: 1_000 },
};

/** Contenders in one process, as in a coordinator: each acquires and, when it was granted, releases, again and again. */
export async function measureClaims(options: SpeedOptions): Promise<SpeedRun> {
  using folder = tempFolder();
  const database = openDatabase({ path: join(folder.root, 'coordination.sqlite'), clock: createSystemClock() });
  const store = createSqliteClaimStore(database);
  let commits = 0;
  database.onCommit(() => {
    commits += 1;
  });
  const each = Math.ceil(options.attempts / options.contenders);
  const started = performance.now();
  const runs = await Promise.all(
    Array.from({ length: options.contenders }, (_, index) => contend(store, { index, attempts: each, options })),
  );
  const seconds = (performance.now() - started) / 1_000;
  await database.close();
  return {
    seconds,
    grants: runs.reduce((sum, run) => sum + run.grants, 0),
    acquireMs: runs.flatMap((run) => run.acquireMs),
    commits,
  };
}

async function contend(
  store: ClaimStore,
  { index, attempts, options }: { readonly index: number; readonly attempts: number; readonly options: SpeedOptions },
): Promise<{ readonly grants: number; readonly acquireMs: readonly number[] }> {
  const key = `github/octo/slug/issues/${options.keys === 'own' ? index + 1 : 1}`;
  const acquireMs: number[] = [];
  let grants = 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const asked = performance.now();
    const result = await store.acquire({
      ...{ key, holder, leaseId: `${index}-${attempt}`, ttlMs: 60_000, holderIsDead: async () => false },
      ...(options.budgets && { reserve }),
    });
    acquireMs.push(performance.now() - asked);
    if (result.kind === 'granted') {
      grants += 1;
      await store.release(result.lease, nothing);
    } else {
      // Refused: let the others have their turn, or this one would ask a thousand times within one turn.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  return { grants, acquireMs };
}

/** What the disk and SQLite themselves allow: rows of an event's size, so many to a commit, nothing around them. */
export function measureRawCommits({ commits, rows }: { readonly commits: number; readonly rows: number }): number {
  using folder = tempFolder();
  using db = new DatabaseSync(join(folder.root, 'raw.sqlite'));
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE raw (seq INTEGER PRIMARY KEY, change TEXT)',
  );
  const insert = db.prepare('INSERT INTO raw (change) VALUES (?)');
  const change = 'x'.repeat(400);
  const started = performance.now();
  for (let commit = 0; commit < commits; commit += 1) {
    db.exec('BEGIN IMMEDIATE');
    for (let row = 0; row < rows; row += 1) insert.run(change);
    db.exec('COMMIT');
  }
  return commits / ((performance.now() - started) / 1_000);
}
