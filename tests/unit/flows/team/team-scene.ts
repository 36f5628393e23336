import { type ClaimKey, issueClaimKey, pullClaimKey } from '../../../../src/domain/claim.ts';
import { defaultSettings } from '../../../../src/domain/settings.ts';
import type { TeamEvent } from '../../../../src/domain/stages/team-event.ts';
import type { TeamRecord } from '../../../../src/domain/stages/team-record.ts';
import { changeTeam } from '../../../../src/flows/team/change-team.ts';
import { openTeamRoom } from '../../../../src/flows/team/open-team-room.ts';
import { startTeam } from '../../../../src/flows/team/start-team.ts';
import type { TeamRoom } from '../../../../src/flows/team/team-room.ts';
import type { StepToStart } from '../../../../src/ports/step-starter.ts';
import { FakeForge } from '../../../fakes/fake-forge.ts';
import { memoryClaimStore } from '../../../fakes/memory-claim-store.ts';
import { type SimulatedClock, simulatedClock } from '../../../fakes/simulated-clock.ts';

export interface TeamScene {
  readonly forge: FakeForge;
  readonly clock: SimulatedClock;
  readonly claims: ReturnType<typeof memoryClaimStore>;
  readonly started: StepToStart[];
  readonly room: TeamRoom;
  readonly issue: number;
  record(): Promise<TeamRecord>;
  tell(event: TeamEvent): Promise<TeamRecord>;
  /** The pending step is begun by a run that holds its claim; gives the run's id. */
  begin(): Promise<string>;
  /** Its claim is free again. */
  release(runId: string): Promise<void>;
  openPull(): number;
  /** Of the run that began last. */
  claimKey(): ClaimKey;
}

/** A team that has just been asked for, on a forge in memory. */
export async function teamScene(more: Partial<TeamRoom> = {}): Promise<TeamScene> {
  const forge = new FakeForge({ permissions: { alice: 'write', carol: 'read' } });
  const clock = simulatedClock();
  const claims = memoryClaimStore(clock);
  const started: StepToStart[] = [];
  let ids = 0;
  const room: TeamRoom = openTeamRoom({
    ...{ forge, claims, clock, log: () => undefined },
    newId: () => {
      ids += 1;
      return `step${ids}`;
    },
    starter: {
      start: async (asked) => {
        started.push(asked);
        return { kind: 'started' };
      },
    },
    holderIsDead: async () => false,
    settings: async () => defaultSettings,
    ...{ scanner: undefined, books: undefined, checksPatienceMs: 0 },
    ...more,
  });
  const issue = forge.seedIssue({ author: 'carol' });
  const stages = ['read', 'code', 'test', 'review'] as const;
  await startTeam(room, { issue, askedBy: 'alice', stages, maxRounds: 3 });
  let lastKey: ClaimKey | undefined;
  const leases = new Map<string, Parameters<typeof claims.release>[0]>();

  const record = async (): Promise<TeamRecord> => {
    const stored = await forge.team.read(issue);
    if (stored === undefined) throw new Error('no team');
    return stored.record;
  };
  return {
    ...{ forge, clock, claims, started, room, issue, record },
    tell: async (event) => {
      const change = await changeTeam(room, issue, event);
      if (change.kind === 'none') throw new Error('no team');
      return change.record;
    },
    begin: async () => {
      const { state, stage, pullRequest } = await record();
      if (state.kind !== 'pending') throw new Error(`nothing is pending: ${state.kind}`);
      const runId = `run${leases.size + 1}`;
      const look = stage === 'test' ? 'verification' : 'review';
      const isLook = pullRequest !== undefined && (stage === 'test' || stage === 'review');
      const key = isLook ? pullClaimKey('octo', 'slug', pullRequest, look) : issueClaimKey('octo', 'slug', issue);
      const acquired = await claims.acquire({
        key,
        holder: { owner: `coder/${runId}`, runId, kind: 'agent', reason: 'test' },
        leaseId: `lease-${runId}`,
        ttlMs: 3_600_000,
        holderIsDead: async () => true,
      });
      if (acquired.kind !== 'granted') throw new Error(`the claim is ${acquired.kind}`);
      leases.set(runId, acquired.lease);
      lastKey = key;
      await changeTeam(room, issue, { kind: 'begun', step: state.step.id, runId, fence: acquired.lease.fence });
      return runId;
    },
    release: async (runId) => {
      const lease = leases.get(runId);
      if (lease !== undefined) await claims.release(lease);
    },
    claimKey: () => {
      if (lastKey === undefined) throw new Error('nothing has begun');
      return lastKey;
    },
    openPull: () => {
      forge.pulls.push({
        ...{ number: 50, url: 'https://github.example.test/octo/slug/pull/50', state: 'open', merged: false },
        ...{ draft: true, title: 'Fix', body: '', headBranch: `agent/${issue}/f2-fix`, headSha: 'a'.repeat(40) },
        ...{ baseBranch: 'main', author: forge.login, createdAt: '2026-11-01T10:00:00Z' },
        ...{ fromFork: false, mergeable: 'yes' },
      });
      return 50;
    },
  };
}

export const signal = new AbortController().signal;

/** All that a record says has happened. */
export function readLog({ history }: TeamRecord): string {
  return history.map(({ what }) => what).join('\n');
}
