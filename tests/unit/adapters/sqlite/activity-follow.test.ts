import { describe, expect, it } from 'vitest';
import type { ActivityLog } from '../../../../src/ports/activity-log.ts';
import { request } from '../../../contract/claim-store.fixture.ts';
import { simulatedClock } from '../../../fakes/simulated-clock.ts';
import { sqliteRoom, sqliteStores } from '../../../fakes/sqlite-room.ts';

async function first(log: ActivityLog, after: number): Promise<number | undefined> {
  for await (const { seq } of log.follow({ after }, AbortSignal.timeout(10_000))) return seq;
  return undefined;
}

describe('following the stream of a SQLite file', () => {
  it('sees what another connection commits', async () => {
    await using room = sqliteRoom(simulatedClock());
    const [here, there] = [sqliteStores(room.connect()), sqliteStores(room.connect())];
    const following = first(here.activity, 0);
    await there.claims.acquire(request('a'));
    expect(await following).toBe(1);
  });

  it('goes on from the end when the position was given out by a state that is no more', async () => {
    await using room = sqliteRoom(simulatedClock());
    const { claims, activity } = sqliteStores(room.connect());
    await claims.acquire(request('a'));
    const following = first(activity, 900);
    await claims.acquire(request('b', { key: 'locks/b' }));
    expect(await following).toBe(2);
  });

  it('gives every event once, in order, while many are written by two connections and nobody waits for the reader', async () => {
    await using room = sqliteRoom(simulatedClock());
    const [here, there] = [sqliteStores(room.connect()), sqliteStores(room.connect())];
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { seq } of here.activity.follow({}, AbortSignal.timeout(20_000))) {
        if (seen.push(seq) === 1_500) return;
      }
    })();
    const write = (name: string, at: number) =>
      (at % 2 === 0 ? here : there).claims.acquire(request(`${name}${at}`, { key: `locks/${name}${at}` }));
    for (const name of ['a', 'b', 'c']) await Promise.all(Array.from({ length: 500 }, (_, at) => write(name, at)));
    await reading;
    expect(seen).toEqual(Array.from({ length: 1_500 }, (_, at) => at + 1));
  });
});
