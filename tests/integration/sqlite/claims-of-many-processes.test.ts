import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { columnsAgree, replayedClaims, storedClaims } from '../../fakes/replayed-sqlite.ts';
import { sqliteRoom, sqliteStores } from '../../fakes/sqlite-room.ts';

const program = fileURLToPath(new URL('claim-process.ts', import.meta.url));

interface Contender {
  readonly child: ChildProcess;
  /** The grants that it was told of, in their order; a line that was cut off counts as not told. */
  readonly grants: () => readonly { readonly key: string; readonly fence: number }[];
  readonly errors: () => string;
}

function contender(path: string, name: string, { rounds, keys }: { rounds: number; keys: number }): Contender {
  const child = spawn(process.execPath, [program, path, name, String(rounds), String(keys)]);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const grants = () =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => ({ key: line.split(' ')[0] ?? '', fence: Number(line.split(' ')[1]) }));
  return { child, grants, errors: () => err };
}

function highestByKey(contenders: readonly Contender[]): Map<string, number> {
  const highest = new Map<string, number>();
  for (const { key, fence } of contenders.flatMap((one) => one.grants())) {
    highest.set(key, Math.max(fence, highest.get(key) ?? 0));
  }
  return highest;
}

describe('many processes on one state file', { timeout: 60_000 }, () => {
  it('grant every fence to exactly one of them, from a file that all of them make at once', async () => {
    await using room = sqliteRoom(createSystemClock());
    const contenders = Array.from({ length: 6 }, (_, at) => contender(room.path, `p${at}`, { rounds: 25, keys: 3 }));
    await Promise.all(contenders.map(({ child }) => once(child, 'close')));
    expect(contenders.map(({ errors }) => errors())).toEqual(contenders.map(() => ''));
    const grants = contenders.flatMap((one) => one.grants());
    expect(new Set(grants.map(({ key, fence }) => `${key} ${fence}`)).size).toBe(grants.length);
    for (const [key, highest] of highestByKey(contenders)) {
      expect(grants.filter((grant) => grant.key === key)).toHaveLength(highest);
    }
    const database = room.connect();
    expect(database.read(storedClaims)).toEqual(database.read(replayedClaims));
    expect(await sqliteStores(database).budgets.read('repository/octo/slug')).toMatchObject({
      reserved: nothing,
      runs: 0,
    });
  });

  it('killed in the middle of writing lose nothing that they were told, and leave state and stream in agreement', async () => {
    await using room = sqliteRoom(createSystemClock());
    const all: Contender[] = [];
    let told = new Map<string, number>();
    for (let round = 0; round < 6; round += 1) {
      const contenders = [1, 2].map((at) => contender(room.path, `r${round}-${at}`, { rounds: 0, keys: 200 }));
      all.push(...contenders);
      await Promise.all(contenders.map(({ child }) => once(child.stdout ?? child, 'data')));
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 150));
      for (const { child } of contenders) child.kill('SIGKILL');
      await Promise.all(contenders.map(({ child }) => once(child, 'close')));
      expect(contenders.map(({ errors }) => errors())).toEqual(['', '']);

      const database = room.connect();
      expect(database.read((db) => db.prepare('PRAGMA integrity_check').get())).toEqual({ integrity_check: 'ok' });
      expect(database.read(storedClaims)).toEqual(database.read(replayedClaims));
      expect(database.read(columnsAgree)).toBe(true);
      const { claims } = sqliteStores(database);
      told = highestByKey(all);
      for (const [key, fence] of told) expect((await claims.read(key))?.fence).toBeGreaterThanOrEqual(fence);
      await room.closeAll();
    }
    const grants = all.flatMap((one) => one.grants());
    expect(grants.length).toBeGreaterThan(50);
    expect(new Set(grants.map(({ key, fence }) => `${key} ${fence}`)).size).toBe(grants.length);
    const { claims } = sqliteStores(room.connect());
    for (const [key, fence] of [...told].slice(0, 10)) {
      const owner = { owner: 'bob', runId: 'bob', kind: 'human', reason: 'looks' } as const;
      const next = await claims.takeOver({ key, holder: owner, leaseId: `bob-${key}`, ttlMs: 60_000 });
      expect(next.kind === 'granted' && next.lease.fence).toBeGreaterThan(fence);
    }
  });
});
