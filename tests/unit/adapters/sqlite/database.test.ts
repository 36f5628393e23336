import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { newestSeq, readActivity } from '../../../../src/adapters/sqlite/activity-rows.ts';
import { appendActivity } from '../../../../src/adapters/sqlite/append-activity.ts';
import { type Database, openDatabase } from '../../../../src/adapters/sqlite/database.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';
import { sqliteRoom } from '../../../fakes/sqlite-room.ts';
import { tempFolder } from '../../../fakes/temp-folder.ts';

const clock = simulatedClock();

function note(database: Database, text: string): Promise<number> {
  return database.write((db) => {
    const change = { type: 'run.stop-requested', id: 'r', by: 'me', reason: text } as const;
    const { seq } = appendActivity(db, clock, { actor: 'me', change });
    if (text === 'bad') throw new Error('bad work');
    return seq;
  });
}

const seqs = (database: Database) => database.read((db) => readActivity(db, { limit: 100 }).map((event) => event.seq));

describe('the door to the SQLite file', () => {
  it('commits all work of one turn together, and undoes alone what throws', async () => {
    await using room = sqliteRoom(clock);
    const database = room.connect();
    let commits = 0;
    database.onCommit(() => {
      commits += 1;
    });
    const results = await Promise.allSettled(['a', 'bad', 'c'].map((text) => note(database, text)));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(commits).toBe(1);
    expect(seqs(database)).toEqual([1, 2]);
  });

  it('tells nobody before the commit is there for everybody', async () => {
    await using room = sqliteRoom(clock);
    const [writer, reader] = [room.connect(), room.connect()];
    await Promise.all(
      ['a', 'b'].map(async (text) => {
        const seq = await note(writer, text);
        expect(reader.read(newestSeq)).toBeGreaterThanOrEqual(seq);
      }),
    );
  });

  it('undoes everything of a transaction that cannot be committed, and tells every caller', async () => {
    await using room = sqliteRoom(clock);
    const database = room.connect();
    const first = note(database, 'a');
    const second = database.write((db) => {
      db.exec('PRAGMA defer_foreign_keys = ON');
      db.exec('CREATE TABLE IF NOT EXISTS parent (id INTEGER PRIMARY KEY)');
      db.exec('CREATE TABLE IF NOT EXISTS child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)');
      db.exec('INSERT INTO child VALUES (1)');
    });
    await expect(first).rejects.toThrow('FOREIGN KEY');
    await expect(second).rejects.toThrow('FOREIGN KEY');
    expect(seqs(database)).toEqual([]);
    expect(await note(database, 'later')).toBe(1);
  });

  it('refuses work that returns a promise, for it would end after the commit', async () => {
    await using room = sqliteRoom(clock);
    await expect(room.connect().write(async () => {})).rejects.toMatchObject({ code: 'E900' });
  });

  it('waits for another process without blocking, and gives up after its patience with a retryable error', async () => {
    await using room = sqliteRoom(clock);
    const database = room.connect();
    const impatient = openDatabase({ path: room.path, clock, patienceMs: 300 });
    using other = new DatabaseSync(room.path);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    await expect(note(impatient, 'a')).rejects.toMatchObject({ code: 'E711', retryable: true });
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(3);
    const patient = note(database, 'b');
    setTimeout(() => other.exec('COMMIT'), 20);
    expect(await patient).toBe(1);
    await impatient.close();
  });

  it('finishes what is queued before it closes, and takes nothing after that', async () => {
    await using room = sqliteRoom(clock);
    const database = room.connect();
    const queued = [note(database, 'a'), note(database, 'b')];
    await database.close();
    expect(await Promise.all(queued)).toEqual([1, 2]);
    await expect(note(database, 'c')).rejects.toMatchObject({ code: 'E710' });
  });

  it('makes the file for its owner alone, with the folder it lies in', async () => {
    using folder = tempFolder();
    const path = join(folder.root, 'deep', 'er', 'coordinator.db');
    await openDatabase({ path, clock }).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.root, 'deep')).mode & 0o777).toBe(0o700);
  });

  it('syncs every commit to the disk', async () => {
    await using room = sqliteRoom(clock);
    const settings = room
      .connect()
      .read((db) => [
        ...db.prepare('PRAGMA synchronous').all(),
        ...db.prepare('PRAGMA journal_mode').all(),
        ...db.prepare('PRAGMA foreign_keys').all(),
      ]);
    expect(settings).toMatchObject([{ synchronous: 2 }, { journal_mode: 'wal' }, { foreign_keys: 1 }]);
  });

  it('refuses what is no database, and the database of another program, and leaves both as they are', async () => {
    using folder = tempFolder({ 'notes.txt': 'not a database at all, but long enough to be read as one'.repeat(20) });
    const foreign = join(folder.root, 'foreign.db');
    {
      using db = new DatabaseSync(foreign);
      db.exec('CREATE TABLE theirs (x)');
    }
    expect(() => openDatabase({ path: join(folder.root, 'notes.txt'), clock })).toThrow(/not a database/);
    expect(() => openDatabase({ path: foreign, clock })).toThrow(/another program/);
    using db = new DatabaseSync(foreign);
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toMatchObject([{ name: 'theirs' }]);
    expect(db.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'delete' });
  });

  it('lets a reader look and nothing else', async () => {
    await using room = sqliteRoom(clock);
    await note(room.connect(), 'a');
    const reader = openDatabase({ path: room.path, clock, readOnly: true });
    expect(seqs(reader)).toEqual([1]);
    await expect(note(reader, 'b')).rejects.toMatchObject({ code: 'E710' });
    await reader.close();
  });
});
