import { describe, expect, it } from 'vitest';
import { issueClaimKey } from '../../../src/domain/claim.ts';
import { advance } from '../../../src/domain/stages/advance.ts';
import { startTeam } from '../../../src/domain/stages/start-team.ts';
import type { TeamRecord } from '../../../src/domain/stages/team-record.ts';
import { recoverTeam } from '../../../src/flows/team/recover-team.ts';
import { teamRoom } from '../../../src/flows/team-turn.ts';
import { type GateFixture, gateFixture } from './admit-event.fixture.ts';

const stages = ['read', 'code'] as const;
const settings = { teamStages: stages, maxConcurrentRuns: 1 };
const bot = { login: 'github-actions[bot]', kind: 'bot' } as const;
const signal = new AbortController().signal;
const step = '01JD00000000000000000000ST';

async function stored(at: GateFixture, change: Partial<TeamRecord> = {}): Promise<void> {
  const team = { repository: 'octo/slug', issue: 1, askedBy: 'bob', stages, maxRounds: 3 };
  const record = { ...startTeam(team, { now: at.clock.now(), stepId: step }), ...change };
  await at.forge.team.swap(1, { seen: (await at.forge.team.read(1))?.id, record });
}

const stateOf = async (at: GateFixture) => (await at.forge.team.read(1))?.record.state;
const dispatch = (at: GateFixture) =>
  at.admit({ kind: 'dispatch', issueNumber: 1, command: 'triage', step, sender: bot });

/** Another issue's run is at work, and the repository allows one at a time. Gives what ends it. */
async function fillRuns(at: GateFixture): Promise<() => Promise<void>> {
  const number = at.forge.seedIssue();
  const admission = await at.admit(at.commentEvent('/agent triage', 'bob', number));
  if (admission.kind !== 'admitted') throw new Error(JSON.stringify(admission));
  return async () => {
    await at.claims.release(admission.task.lease);
  };
}

describe('a step that finds no room in a budget', () => {
  it('is asked for again for as long as it takes, and nobody is called to help', async () => {
    const at = gateFixture({ settings });
    await stored(at);
    const end = await fillRuns(at);
    const started: number[] = [];
    const starter = {
      start: async () => {
        started.push(at.clock.now());
        return { kind: 'started' } as const;
      },
    };
    const room = { ...teamRoom(at.gate), starter };
    for (let asks = 0; asks < 9; asks += 1) {
      expect(await dispatch(at)).toMatchObject({ kind: 'refused', reason: 'no-room', commented: false });
      expect(await stateOf(at)).toMatchObject({ kind: 'pending', step: { id: step, heldBack: { place: 'nowhere' } } });
      at.clock.advance(11 * 60_000);
      await recoverTeam(room, 1, { signal });
    }
    expect(started).toHaveLength(9);
    expect(at.written().join('\n')).not.toContain('needs a person');
    await end();
    expect(await dispatch(at)).toMatchObject({ kind: 'admitted' });
  });

  it('says in its comment that it waits for room', async () => {
    const at = gateFixture({ settings });
    await stored(at);
    await fillRuns(at);
    await dispatch(at);
    expect(at.written().at(-1)).toContain(
      'Next: read the issue, as soon as a budget has room (it had none at 14:02 UTC)',
    );
  });

  it('asks a person when the budget never has room for it', async () => {
    const at = gateFixture({ settings: { ...settings, maxIssueCostMicroUsd: 1 } });
    await stored(at);
    expect(await dispatch(at)).toMatchObject({ kind: 'refused', reason: 'budget' });
    expect(await stateOf(at)).toMatchObject({ kind: 'waiting', for: 'person' });
  });

  it('counts again what nobody began after there was room', () => {
    const team = { repository: 'octo/slug', issue: 1, askedBy: 'bob', stages, maxRounds: 3 };
    const moment = { now: 1, stepId: step };
    let record = advance(startTeam(team, moment), { kind: 'no-room', step, place: 'nowhere' }, moment).record;
    for (let asks = 0; asks < 5; asks += 1) record = advance(record, { kind: 'overdue', step }, moment).record;
    expect(record.state.kind).toBe('pending');
    record = advance(record, { kind: 'overdue', step }, moment).record;
    expect(record.state).toMatchObject({ kind: 'waiting', for: 'person' });
  });
});

describe('fix that was refused', () => {
  it('leaves no team that begins by itself later', async () => {
    const at = gateFixture({ settings });
    const end = await fillRuns(at);
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'))).toMatchObject({ reason: 'no-room', commented: true });
    expect(await at.forge.team.read(1)).toBeUndefined();
    await end();
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'))).toMatchObject({ kind: 'admitted' });
  });

  it('leaves the team that asked a person as it is', async () => {
    const at = gateFixture({ settings });
    const waiting = { kind: 'waiting', for: 'person', what: 'two tries failed' } as const;
    await stored(at, { state: waiting });
    await fillRuns(at);
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'))).toMatchObject({ reason: 'no-room' });
    expect(await stateOf(at)).toEqual(waiting);
  });

  it('says that the team asks again by itself, where it had asked for that run already', async () => {
    const at = gateFixture({ settings });
    await stored(at);
    await fillRuns(at);
    await at.admit(at.commentEvent('/agent fix', 'bob'));
    expect(at.written().at(-1)).toContain('The team asks for this run again by itself; `/agent stop` ends it.');
    expect(await stateOf(at)).toMatchObject({ kind: 'pending' });
  });

  it('because somebody holds the issue leaves no team either', async () => {
    const at = gateFixture({ settings });
    await at.claims.acquire({
      key: issueClaimKey('octo', 'slug', 1),
      holder: { owner: 'alice', runId: 'r', kind: 'human', reason: 'mine' },
      leaseId: 'l',
      ttlMs: 60_000_000,
      holderIsDead: async () => false,
    });
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'))).toMatchObject({ reason: 'claimed' });
    expect(await at.forge.team.read(1)).toBeUndefined();
  });
});

it('what nobody typed stays told when there is no room, and is begun later', async () => {
  const at = gateFixture({ settings });
  await stored(at, { state: { kind: 'waiting', for: 'answer', what: 'one question' } });
  await fillRuns(at);
  expect(await at.admit(at.commentEvent('With umlauts, too.', 'bob'))).toMatchObject({ reason: 'no-room' });
  expect(await stateOf(at)).toMatchObject({ kind: 'pending' });
});
