import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { newestSeq } from '../../../../src/adapters/sqlite/activity-rows.ts';
import { appendActivity } from '../../../../src/adapters/sqlite/append-activity.ts';
import { openDatabase } from '../../../../src/adapters/sqlite/database.ts';
import { migrate, newestSchema, schemaOf } from '../../../../src/adapters/sqlite/migrate.ts';
import { migrateState } from '../../../../src/adapters/sqlite/migrate-state.ts';
import { migrations } from '../../../../src/adapters/sqlite/migrations/all.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';
import { sqliteRoom } from '../../../fakes/sqlite-room.ts';

const clock = simulatedClock();
const versions = migrations.map((step) => step.version);

function schemaText(db: DatabaseSync): unknown {
  return db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
}

/** A state as the program of that version left it. */
function stateOf(path: string, version: number): void {
  using db = new DatabaseSync(path);
  migrate(db, path, migrations.slice(0, versions.indexOf(version) + 1));
  if (version > 0) appendActivity(db, clock, { actor: 'me', change: { type: 'state.restored', floor: 1 } });
}

describe('the schema of the state', () => {
  it('is numbered 1, 2, 3 … without holes', () => {
    expect(versions).toEqual(versions.map((_, index) => index + 1));
  });

  it.each([0, ...versions])('comes forward from version %i to the newest, whichever way it goes', async (version) => {
    await using room = sqliteRoom(clock);
    stateOf(room.path, version);
    const database = room.connect();
    using fresh = new DatabaseSync(':memory:');
    migrate(fresh, ':memory:');
    expect(database.read(schemaText)).toEqual(schemaText(fresh));
    expect(database.read(schemaOf)).toBe(newestSchema());
    expect(database.read(newestSeq)).toBe(version === 0 ? 0 : 1);
  });

  it('is refused when a newer program wrote it, by readers and writers, and left as it is', async () => {
    await using room = sqliteRoom(clock);
    await room.connect().close();
    {
      using db = new DatabaseSync(room.path);
      db.exec(`PRAGMA user_version = ${newestSchema() + 1}`);
    }
    for (const readOnly of [true, false]) {
      expect(() => openDatabase({ path: room.path, clock, readOnly })).toThrow(
        expect.objectContaining({ code: 'E712', message: expect.stringContaining(`schema ${newestSchema() + 1}`) }),
      );
    }
  });

  it('stops a program that is still open when a newer one has moved it on', async () => {
    await using room = sqliteRoom(clock);
    const database = room.connect();
    using newer = new DatabaseSync(room.path);
    newer.exec(`PRAGMA user_version = ${newestSchema() + 1}`);
    await expect(database.write(() => 1)).rejects.toMatchObject({ code: 'E712' });
    newer.exec(`PRAGMA user_version = ${newestSchema()}`);
    expect(await database.write(() => 1)).toBe(1);
  });

  it('is not moved by who may only read', async () => {
    await using room = sqliteRoom(clock);
    stateOf(room.path, 1);
    const open = () => openDatabase({ path: room.path, clock, readOnly: true });
    if (newestSchema() > 1) expect(open).toThrow(expect.objectContaining({ code: 'E712' }));
    using db = new DatabaseSync(room.path);
    expect(schemaOf(db)).toBe(1);
  });

  it('stays at the last whole step when one fails', () => {
    using db = new DatabaseSync(':memory:');
    const broken = {
      version: 2,
      name: 'broken',
      up: (at: DatabaseSync) => at.exec('CREATE TABLE half (x); CREATE TABLE half (x)'),
    };
    const [first] = migrations;
    if (first === undefined) throw new Error('there is no migration');
    expect(() => migrate(db, ':memory:', [first, broken])).toThrow('half');
    expect(schemaOf(db)).toBe(1);
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toMatchObject({ n: 0 });
  });

  it('is moved on demand with the state of before kept beside it', async () => {
    await using room = sqliteRoom(clock);
    stateOf(room.path, 1);
    const moved = await migrateState(room.path, clock);
    expect(moved).toMatchObject({ from: 1, to: newestSchema() });
    using kept = new DatabaseSync(String(moved.kept), { readOnly: true });
    expect([schemaOf(kept), newestSeq(kept)]).toEqual([1, 1]);
    expect(await migrateState(room.path, clock)).toEqual({
      state: room.path,
      from: newestSchema(),
      to: newestSchema(),
    });
  });
});
