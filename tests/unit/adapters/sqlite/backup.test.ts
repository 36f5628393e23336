import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { newestSeq } from '../../../../src/adapters/sqlite/activity-rows.ts';
import { backUpState } from '../../../../src/adapters/sqlite/backup.ts';
import { migrate, newestSchema } from '../../../../src/adapters/sqlite/migrate.ts';
import { migrations } from '../../../../src/adapters/sqlite/migrations/all.ts';
import { restoreState } from '../../../../src/adapters/sqlite/restore.ts';
import { clockSkewMs } from '../../../../src/domain/claim.ts';
import { nothing } from '../../../../src/domain/coordination/amounts.ts';
import { granted, key, minute, person, request } from '../../../contract/claim-store.fixture.ts';
import { columnsAgree, replayedClaims, storedClaims } from '../../../fakes/replayed-sqlite.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';
import { sqliteRoom, sqliteStores } from '../../../fakes/sqlite-room.ts';

describe('a backup of the state', () => {
  it('is one whole file of one moment, for its owner alone, made while others write', async () => {
    await using room = sqliteRoom(simulatedClock());
    const { claims } = sqliteStores(room.connect());
    for (let at = 0; at < 20; at += 1) await claims.acquire(request(`n${at}`, { key: `locks/${at}` }));
    const file = join(room.folder, 'backup.db');
    const [report] = await Promise.all([
      backUpState(room.path, file),
      ...Array.from({ length: 200 }, (_, at) => claims.acquire(request(`m${at}`, { key: `locks/m${at}` }))),
    ]);
    expect(report).toMatchObject({ schema: newestSchema(), bytes: statSync(file).size });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(room.folder).filter((name) => name.startsWith('backup'))).toEqual(['backup.db']);
    using copy = new DatabaseSync(file, { readOnly: true });
    expect(newestSeq(copy)).toBe(report.seq);
    expect(report.seq).toBeGreaterThanOrEqual(20);
    expect(storedClaims(copy)).toEqual(replayedClaims(copy));
  });

  it('never overwrites a file, and needs a state', async () => {
    await using room = sqliteRoom(simulatedClock());
    const file = join(room.folder, 'backup.db');
    await expect(backUpState(room.path, file)).rejects.toMatchObject({ code: 'E102' });
    room.connect();
    writeFileSync(file, 'precious');
    await expect(backUpState(room.path, file)).rejects.toMatchObject({ code: 'E104' });
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
});

describe('a restored state', () => {
  it('grants above every fence that either state knew, and lets no lease of before write', async () => {
    const clock = simulatedClock();
    await using room = sqliteRoom(clock);
    const file = join(room.folder, 'backup.db');
    const before = sqliteStores(room.connect()).claims;
    const held = granted(await before.acquire(request('a', { ttlMs: minute })));
    await before.beginEffect(held, 'open-pull-request');
    await before.release(granted(await before.acquire(request('f', { key: 'locks/free' }))));
    await backUpState(room.path, file);
    await before.release(held);
    const later = granted(await before.acquire(request('b')));
    const unknown = granted(await before.acquire(request('c', { key: 'locks/new' })));
    await room.closeAll();

    const report = await restoreState({ backup: file, state: room.path, clock });
    expect(report).toMatchObject({ held: 1, fenceFloor: 1_000_000, schema: newestSchema(), backup: { seq: 4 } });
    const database = room.connect();
    const after = sqliteStores(database).claims;
    for (const lease of [held, later, unknown]) {
      expect((await after.beginEffect(lease, 'merge')).kind).toBe('stale');
      expect(await after.renew(lease, minute)).toBeUndefined();
    }
    // Nobody begins the same work before the lease of then has run out: its run may still be at it.
    expect((await after.acquire(request('d'))).kind).toBe('refused');
    clock.advance(minute + clockSkewMs + 1);
    const next = granted(await after.acquire(request('d')));
    expect(next.fence).toBe(1_000_001);
    expect(granted(await after.acquire(request('e', { key: 'locks/new' }))).fence).toBe(1_000_001);
    expect(granted(await after.acquire(request('e', { key: 'locks/free' }))).fence).toBe(1_000_001);
    // What was begun after the backup is forgotten, so an effect is never called new again.
    expect(await after.beginEffect(next, 'comment')).toEqual({ kind: 'may-act', before: 'unknown' });
    expect(await after.beginEffect(next, 'comment')).toEqual({ kind: 'may-act', before: 'begun' });
    expect(await after.beginEffect(next, 'open-pull-request')).toEqual({ kind: 'may-act', before: 'begun' });
    expect(database.read(replayedClaims)).toEqual(database.read(storedClaims));
    expect(database.read(columnsAgree)).toBe(true);
  });

  it('goes above the fences of the state that it replaces, restored twice from the same backup', async () => {
    const clock = simulatedClock();
    await using room = sqliteRoom(clock);
    const file = join(room.folder, 'backup.db');
    await sqliteStores(room.connect()).claims.acquire(request('a'));
    await backUpState(room.path, file);
    await room.closeAll();
    const first = await restoreState({ backup: file, state: room.path, clock });
    const second = await restoreState({ backup: file, state: room.path, clock });
    expect([first.fenceFloor, second.fenceFloor]).toEqual([1_000_000, 2_000_000]);
    expect(first.kept).not.toBe(second.kept);
  });

  it('keeps what people hold, and settles the reservation of what agents held when it is swept', async () => {
    const clock = simulatedClock();
    await using room = sqliteRoom(clock);
    const file = join(room.folder, 'backup.db');
    const stores = sqliteStores(room.connect());
    const reserve = { draws: [{ key: 'repository/octo/slug', caps: { runs: 3 } }], amounts: { ...nothing, turns: 5 } };
    await stores.claims.acquire(request('a', { reserve, ttlMs: minute }));
    await stores.claims.acquire(request('bob', { key: 'locks/bob', holder: person('bob') }));
    await backUpState(room.path, file);
    await room.closeAll();
    expect(await restoreState({ backup: file, state: room.path, clock })).toMatchObject({ held: 2 });
    const after = sqliteStores(room.connect());
    expect(await after.claims.read('locks/bob')).toMatchObject({ state: 'held', holder: { owner: 'bob' } });
    expect(await after.budgets.read('repository/octo/slug')).toMatchObject({ runs: 1, reserved: { turns: 5 } });
    clock.advance(minute + clockSkewMs + 1);
    granted(await after.claims.acquire(request('sweeper', { key })));
    expect(await after.budgets.read('repository/octo/slug')).toMatchObject({ runs: 0, spent: { turns: 5 } });
  });

  it('is refused while another process has the state open, and changes nothing', async () => {
    const clock = simulatedClock();
    await using room = sqliteRoom(clock);
    const file = join(room.folder, 'backup.db');
    const database = room.connect();
    await backUpState(room.path, file);
    await sqliteStores(database).claims.acquire(request('a'));
    await expect(restoreState({ backup: file, state: room.path, clock })).rejects.toMatchObject({ code: 'E713' });
    expect(await sqliteStores(database).claims.read(key)).toMatchObject({ fence: 1 });
    expect(readdirSync(room.folder).filter((name) => /restor/.test(name))).toEqual([]);
  });

  it('takes the place of a damaged state, which is kept with all that lies beside it', async () => {
    const clock = simulatedClock();
    await using room = sqliteRoom(clock);
    const file = join(room.folder, 'backup.db');
    const lease = granted(await sqliteStores(room.connect()).claims.acquire(request('a')));
    await backUpState(room.path, file);
    await room.closeAll();
    writeFileSync(room.path, 'garbage'.repeat(1_000));
    writeFileSync(`${room.path}-wal`, 'old log');
    const report = await restoreState({ backup: file, state: room.path, clock });
    expect(readFileSync(String(report.kept), 'utf8')).toContain('garbage');
    expect(readFileSync(`${report.kept}-wal`, 'utf8')).toBe('old log');
    expect((await sqliteStores(room.connect()).claims.beginEffect(lease, 'merge')).kind).toBe('stale');
  });

  it('grants above what an earlier restore allowed, even when nobody can read any more how far that was', async () => {
    const clock = simulatedClock();
    await using room = sqliteRoom(clock);
    const file = join(room.folder, 'backup.db');
    await sqliteStores(room.connect()).claims.release(
      granted(await sqliteStores(room.connect()).claims.acquire(request('a'))),
    );
    await backUpState(room.path, file);
    await room.closeAll();
    const fences: number[] = [];
    for (const lose of [() => {}, () => rmSync(room.path), () => writeFileSync(room.path, 'garbage'.repeat(9))]) {
      lose();
      clock.advance(1_000);
      await restoreState({ backup: file, state: room.path, clock });
      const { claims } = sqliteStores(room.connect());
      for (const name of ['b', 'c']) {
        const lease = granted(await claims.acquire(request(name)));
        fences.push(lease.fence);
        await claims.release(lease);
      }
      await room.closeAll();
    }
    expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
  });

  it('is made where there was none, and from a backup of an older schema', async () => {
    const clock = simulatedClock();
    await using room = sqliteRoom(clock);
    const file = join(room.folder, 'old.db');
    {
      using old = new DatabaseSync(file);
      migrate(old, file, migrations.slice(0, 1));
    }
    const state = join(room.folder, 'new', 'coordinator.db');
    const report = await restoreState({ backup: file, state, clock });
    expect(report).toMatchObject({ backup: { schema: 1 }, schema: newestSchema() });
    expect(report.kept).toBeUndefined();
  });

  it.each([
    ['is cut off', (file: string) => truncateSync(file, statSync(file).size - 4_096)],
    ['is no database', (file: string) => writeFileSync(file, 'hello')],
    ['is empty', (file: string) => truncateSync(file, 0)],
  ])('is refused when the backup %s, and the state stays', async (_, damage) => {
    const clock = simulatedClock();
    await using room = sqliteRoom(clock);
    const file = join(room.folder, 'backup.db');
    await sqliteStores(room.connect()).claims.acquire(request('a'));
    await backUpState(room.path, file);
    await room.closeAll();
    damage(file);
    await expect(restoreState({ backup: file, state: room.path, clock })).rejects.toMatchObject({ code: 'E713' });
    expect(await sqliteStores(room.connect()).claims.read(key)).toMatchObject({ state: 'held', fence: 1 });
    expect(existsSync(`${room.path}.restoring-${process.pid}`)).toBe(false);
  });
});
