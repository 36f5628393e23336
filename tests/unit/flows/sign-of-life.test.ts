import { describe, expect, it } from 'vitest';
import { type ClaimRecord, issueClaimKey } from '../../../src/domain/claim.ts';
import { openRun } from '../../../src/flows/open-run.ts';
import { signOfLife } from '../../../src/flows/sign-of-life.ts';
import { issueOf, type LocalBooks, localBooks } from '../../fakes/local-books.ts';

const key = issueClaimKey('octo', 'slug', 1);
const agent = { id: 'coder/a', role: 'coder', version: '1', model: 'm' } as const;

async function claimed({ opened = true } = {}): Promise<{ room: LocalBooks; claim: ClaimRecord }> {
  const room = await localBooks();
  await room.tasks.mirror(issueOf(1), 'test');
  const granted = await room.claims.acquire({
    key,
    holder: { owner: agent.id, runId: 'a', kind: 'agent', reason: '' },
    leaseId: 'lease-a',
    ttlMs: 90_000,
    holderIsDead: async () => false,
  });
  if (granted.kind !== 'granted') throw new Error(`not granted: ${granted.kind}`);
  if (opened) await openRun(room, { runId: 'a', agent, lease: granted.lease });
  const claim = await room.claims.read(key);
  if (claim === undefined) throw new Error('the claim is gone');
  return { room, claim };
}

describe('a sign of life', () => {
  it('begins the run at the first time, and only tells of life from then on', async () => {
    const { room, claim } = await claimed();
    await using _ = room;
    expect(await room.runs.read('a')).toMatchObject({ state: 'queued' });
    expect(await signOfLife(room, claim)).toBeUndefined();
    const begunAt = room.clock.now();
    expect(await room.runs.read('a')).toMatchObject({ state: 'running', progressAt: begunAt });
    expect(await room.tasks.read(key)).toMatchObject({ state: 'in_progress', runId: 'a', stage: 'working' });

    room.clock.advance(30_000);
    await signOfLife(room, claim);
    expect(await room.runs.read('a')).toMatchObject({
      state: 'running',
      heartbeatAt: begunAt + 30_000,
      progressAt: begunAt,
    });
  });

  it('does not begin a run that was asked to stop, and tells who asked', async () => {
    const { room, claim } = await claimed();
    await using _ = room;
    await room.runs.requestStop('a', { by: 'person/bob', reason: 'not now' });
    expect(await signOfLife(room, claim)).toMatchObject({ by: 'person/bob', reason: 'not now' });
    expect(await room.runs.read('a')).toMatchObject({ state: 'queued' });
    expect(await room.tasks.read(key)).toMatchObject({ state: 'claimed' });
  });

  it('is without effect where no run is behind the claim', async () => {
    const { room, claim } = await claimed({ opened: false });
    await using _ = room;
    expect(await signOfLife(room, claim)).toBeUndefined();
    expect(await room.runs.read('a')).toBeUndefined();
  });
});
