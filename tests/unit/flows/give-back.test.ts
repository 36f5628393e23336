import { describe, expect, it } from 'vitest';
import { type ClaimRecord, issueClaimKey } from '../../../src/domain/claim.ts';
import { nothing } from '../../../src/domain/coordination/amounts.ts';
import { giveBack } from '../../../src/flows/give-back.ts';
import { openRun } from '../../../src/flows/open-run.ts';
import { reservationFor } from '../../../src/flows/reservation-for.ts';
import { issueOf, type LocalBooks, localBooks } from '../../fakes/local-books.ts';

const key = issueClaimKey('octo', 'slug', 1);
const book = 'issue/octo/slug/1';
const reserved = { ...nothing, microUsd: 2_000_000, tokens: 4_000_000, turns: 60, minutes: 30 };
const actor = 'person/alice';

async function claimed(kind: 'agent' | 'human' = 'agent'): Promise<{ room: LocalBooks; claim: ClaimRecord }> {
  const room = await localBooks();
  await room.tasks.mirror(issueOf(1), 'test');
  const agent = { id: 'coder/a', role: 'coder', version: '1', model: 'm' } as const;
  const granted = await room.claims.acquire({
    key,
    holder: { owner: agent.id, runId: 'a', kind, reason: '' },
    leaseId: 'lease-a',
    ttlMs: 90_000,
    reserve: await reservationFor(room.budgets, { key, amounts: reserved, now: room.clock.now() }),
    holderIsDead: async () => false,
  });
  if (granted.kind !== 'granted') throw new Error(`not granted: ${granted.kind}`);
  await openRun(room, { runId: 'a', agent, lease: granted.lease });
  const claim = await room.claims.read(key);
  if (claim === undefined) throw new Error('the claim is gone');
  return { room, claim };
}

describe('a claim that is given back without a word on how the work ended', () => {
  it('books all that an agent reserved when its run never told a figure', async () => {
    const { room, claim } = await claimed();
    await using _ = room;
    expect(await giveBack(room, { claim, actor })).toBe('released');
    expect(await room.budgets.read(book)).toMatchObject({ runs: 0, reserved: nothing, spent: reserved });
    expect(await room.runs.read('a')).toMatchObject({ state: 'cancelled', spent: reserved });
    expect(await room.tasks.read(key)).toMatchObject({ state: 'ready', costMicroUsd: reserved.microUsd });
  });

  it('books what the run told, when it did', async () => {
    const { room, claim } = await claimed();
    await using _ = room;
    const spent = { ...nothing, microUsd: 250_000, turns: 3 };
    await room.runs.change('a', { facts: { spent }, actor: 'coder/a' });
    await giveBack(room, { claim, actor });
    expect(await room.budgets.read(book)).toMatchObject({ runs: 0, reserved: nothing, spent });
    expect(await room.tasks.read(key)).toMatchObject({ state: 'ready', costMicroUsd: 250_000 });
  });

  it('books what the person says that it used, and for the rest what was reserved', async () => {
    const { room, claim } = await claimed();
    await using _ = room;
    await giveBack(room, { claim, actor, told: { microUsd: 0, tokens: 900 } });
    expect(await room.budgets.read(book)).toMatchObject({ spent: { ...reserved, microUsd: 0, tokens: 900 } });
  });

  it('books nothing for a person, who uses none of what was reserved', async () => {
    const { room, claim } = await claimed('human');
    await using _ = room;
    await giveBack(room, { claim, actor });
    expect(await room.budgets.read(book)).toMatchObject({ runs: 0, reserved: nothing, spent: nothing });
  });
});

describe('a claim that is given back with how the work ended', () => {
  it('books likewise what was told, or else what was reserved', async () => {
    const { room, claim } = await claimed();
    await using _ = room;
    const end = { outcome: 'succeeded', reason: 'done', pullRequest: 7 } as const;
    await giveBack(room, { claim, actor, end, told: { microUsd: 400_000 } });
    expect(await room.budgets.read(book)).toMatchObject({ spent: { ...reserved, microUsd: 400_000 } });
    expect(await room.runs.read('a')).toMatchObject({ state: 'succeeded', spent: { microUsd: 400_000 } });
    expect(await room.tasks.read(key)).toMatchObject({ state: 'in_review', pullRequest: 7, costMicroUsd: 400_000 });
  });
});
