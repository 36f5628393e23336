import type { DatabaseSync } from 'node:sqlite';
import { type ClaimKey, type ClaimRecord, clockSkewMs } from '../../domain/claim.ts';
import { parseClaimRecord } from '../../domain/claim-record.ts';
import type { EffectBefore } from '../../domain/coordination/claim-decisions.ts';
import type { ClaimFilter } from '../../domain/coordination/claim-filter.ts';
import { statement } from './statement.ts';
import { storedJson } from './stored-json.ts';

export function readClaim(db: DatabaseSync, key: ClaimKey): ClaimRecord | undefined {
  const row = statement(db, 'SELECT record FROM claims WHERE key = ?').get(key);
  return row === undefined ? undefined : storedJson(row['record'], parseClaimRecord);
}

/** A page of claims in the order of their keys, those after a key. */
export function readClaims(
  db: DatabaseSync,
  { state, kind, prefix, expiredAt }: ClaimFilter,
  page: { readonly after: ClaimKey; readonly limit: number },
): readonly ClaimRecord[] {
  const conditions = ['key > :after'];
  const values: Record<string, string | number> = { ...page };
  const where = (condition: string, given: Readonly<Record<string, string | number | undefined>>): void => {
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) return;
      values[name] = value;
    }
    conditions.push(condition);
  };
  where('state = :state', { state });
  where('kind = :kind', { kind });
  where('key >= :prefix AND key < :prefix || char(1114111)', { prefix });
  // The words of the partial index, so that it is used.
  const lateBefore = expiredAt === undefined ? undefined : expiredAt - clockSkewMs;
  where("state = 'held' AND kind = 'agent' AND expires_at < :lateBefore", { lateBefore });
  return statement(db, `SELECT record FROM claims WHERE ${conditions.join(' AND ')} ORDER BY key LIMIT :limit`)
    .all(values)
    .map((row) => storedJson(row['record'], parseClaimRecord));
}

/** What the highest fence before the newest restore may have been; 0 in a state that was never restored. */
export function readFenceFloor(db: DatabaseSync): number {
  const row = statement(db, "SELECT value FROM facts WHERE name = 'fence-floor'").get();
  return row === undefined ? 0 : Number(row['value']);
}

/** A restored state may have forgotten effects that were begun after its backup was made. */
export function effectBefore(db: DatabaseSync, key: ClaimKey, effect: string): EffectBefore {
  const known = statement(db, 'SELECT 1 FROM effects WHERE key = ? AND effect = ?').get(key, effect);
  if (known !== undefined) return 'begun';
  return readFenceFloor(db) === 0 ? 'never' : 'unknown';
}
