import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../src/adapters/sqlite/database.ts';
import { raiseFences } from '../../../../src/adapters/sqlite/raise-fences.ts';
import { claimSteps, takeClaimStep } from '../../../fakes/random-claims.ts';
import { columnsAgree, replayedClaims, storedClaims } from '../../../fakes/replayed-sqlite.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';
import { sqliteStores } from '../../../fakes/sqlite-room.ts';

describe('the stream of the SQLite store', () => {
  it('replayed from its beginning gives the stored claims, budgets, limits and effects', async () => {
    const property = fc.asyncProperty(claimSteps, fc.boolean(), async (steps, together) => {
      const clock = simulatedClock();
      const database = openDatabase({ path: ':memory:', clock });
      const world = { clock, ...sqliteStores(database), leases: [] };
      for (const step of together ? [] : steps) await takeClaimStep(world, step);
      await Promise.all((together ? steps : []).map((step) => takeClaimStep(world, step)));
      expect(database.read(replayedClaims)).toEqual(database.read(storedClaims));
      expect(database.read(columnsAgree)).toBe(true);
      await database.write((db) => raiseFences(db, clock, 1_000_000));
      expect(database.read(replayedClaims)).toEqual(database.read(storedClaims));
      expect(database.read(columnsAgree)).toBe(true);
      await database.close();
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
