import type { DatabaseSync } from 'node:sqlite';
import { readActivity } from '../../src/adapters/sqlite/activity-rows.ts';
import { emptyReplay, replayClaims } from '../../src/domain/coordination/replay-claims.ts';

type Plain = Readonly<Record<string, unknown>>;

/** The tables of claims and budgets, as plain objects by their keys. */
export function storedClaims(db: DatabaseSync): Plain {
  const byKey = (sql: string, value: string) =>
    Object.fromEntries(
      db
        .prepare(sql)
        .all()
        .map((row) => [String(row['key']), JSON.parse(String(row[value]))]),
    );
  const effects = db.prepare('SELECT key, effect, fence FROM effects ORDER BY key, effect').all();
  return {
    claims: byKey('SELECT key, record FROM claims', 'record'),
    budgets: byKey('SELECT key, record FROM budgets', 'record'),
    caps: byKey('SELECT scope AS key, caps FROM budget_caps', 'caps'),
    effects: effects.map((row) => [row['key'], row['effect'], row['fence']]),
    fenceFloor: db.prepare("SELECT value FROM facts WHERE name = 'fence-floor'").get()?.['value'] ?? 0,
  };
}

/** The same, as the stream tells it from its beginning; fails when the stream has a hole. */
export function replayedClaims(db: DatabaseSync): Plain {
  const state = emptyReplay();
  const events = readActivity(db, { limit: 1_000_000 });
  for (const [at, { seq, change }] of events.entries()) {
    if (seq !== at + 1) throw new Error(`event ${at + 1} is missing`);
    replayClaims(state, change);
  }
  const effects = [...state.effects].flatMap(([key, known]) =>
    [...known].map(([effect, fence]) => [key, effect, fence]),
  );
  return {
    claims: Object.fromEntries(state.claims),
    budgets: Object.fromEntries(state.budgets),
    caps: Object.fromEntries(state.caps),
    effects: effects.sort((a, b) => (`${a[0]}\0${a[1]}` < `${b[0]}\0${b[1]}` ? -1 : 1)),
    fenceFloor: state.fenceFloor,
  };
}

/** The columns beside a record say the same as the record. */
export function columnsAgree(db: DatabaseSync): boolean {
  const wrong = db.prepare(`SELECT count(*) AS wrong FROM claims WHERE
    state IS NOT record ->> '$.state' OR kind IS NOT record ->> '$.holder.kind' OR owner IS NOT record ->> '$.holder.owner'
    OR run IS NOT record ->> '$.holder.runId' OR agent IS NOT record ->> '$.holder.agent.id'
    OR lease_id IS NOT record ->> '$.leaseId' OR fence IS NOT record ->> '$.fence'
    OR expires_at IS NOT record ->> '$.expiresAt' OR key IS NOT record ->> '$.key'`);
  return wrong.get()?.['wrong'] === 0;
}
