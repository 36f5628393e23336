import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { granted, key, request } from '../../contract/claim-store.fixture.ts';
import { sqliteRoom, sqliteStores } from '../../fakes/sqlite-room.ts';
import { runCli } from './run-cli.ts';

describe('entropy-playground state', { timeout: 30_000 }, () => {
  it('backs up a state in use, refuses to restore over it, and restores it when nobody uses it', async () => {
    await using room = sqliteRoom(createSystemClock());
    const env = { ENTROPY_STATE_FILE: room.path };
    const { claims } = sqliteStores(room.connect());
    const lease = granted(await claims.acquire(request('a')));
    const backup = join(room.folder, 'backup.db');
    const made = await runCli(['state', 'backup', backup, '--json'], { env });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(made.stdout)).toMatchObject({ schema: 1, state: room.path, file: backup, seq: 1 });

    await claims.release(lease);
    const refused = await runCli(['state', 'restore', backup], { env });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('error[E713]');
    await room.closeAll();

    const restored = await runCli(['state', 'restore', backup], { env });
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    expect(restored.stdout).toContain('fences go on above 1000000; 1 held claim of then can write no more');
    const after = sqliteStores(room.connect()).claims;
    expect(await after.read(key)).toMatchObject({ state: 'held', fence: 1_000_000, holder: { owner: 'a' } });
    expect((await after.release(lease)).kind).toBe('not-mine');
  });

  it('finds the default state, and says what is missing', async () => {
    await using room = sqliteRoom(createSystemClock());
    const env = { XDG_STATE_HOME: room.folder };
    const missing = await runCli(['state', 'migrate'], { env });
    const path = join(room.folder, 'entropy-playground', 'coordination.sqlite');
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain(`there is no state in ${path}`);
    expect(existsSync(path)).toBe(false);
    const bad = await runCli(['state', 'restore', join(room.folder, 'none.db'), '--json'], { env });
    expect(bad.code).toBe(2);
    expect(JSON.parse(bad.stdout)).toMatchObject({ error: { code: 'E102' } });
  });

  it('tells that there is nothing to migrate', async () => {
    await using room = sqliteRoom(createSystemClock());
    await room.connect().close();
    const done = await runCli(['state', 'migrate', '--state', room.path, '--json=from,to,kept']);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const { from, to, kept } = JSON.parse(done.stdout);
    expect([from === to, kept]).toEqual([true, null]);
  });
});
