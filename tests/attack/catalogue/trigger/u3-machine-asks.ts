import { startTeam } from '../../../../src/domain/stages/start-team.ts';
import type { TriggerEvent } from '../../../../src/domain/trigger-event.ts';
import { sampleCheck } from '../../../fakes/fake-checks.ts';
import { gateFixture } from '../../../unit/flows/admit-event.fixture.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const stages = ['read', 'code', 'review'] as const;
const step = '01JD00000000000000000000ST';

/** A team that waits for its first run, asked for by this person, and a dispatch that names a step. */
async function dispatched(askedBy: string, named: string) {
  const at = gateFixture({ settings: { teamStages: stages } });
  const team = { repository: 'octo/slug', issue: 1, askedBy, stages, maxRounds: 3 };
  await at.forge.team.swap(1, { seen: undefined, record: startTeam(team, { now: at.clock.now(), stepId: step }) });
  const sender = { login: 'github-actions[bot]', kind: 'bot' } as const;
  return at.admit({ kind: 'dispatch', issueNumber: 1, command: 'triage', step: named, sender });
}

export const forgedStep: Attack = {
  id: 'U3',
  title: 'a dispatch names a step that no team waits for, so that nobody has to have asked',
  attack: async () => {
    const admission = await dispatched('alice', '01JD00000000000000000000NO');
    return admission.kind === 'admitted'
      ? escaped('a step was begun that the record does not know')
      : contained('only the very step that the record waits for is begun');
  },
  twin: async () => {
    const admission = await dispatched('alice', step);
    return admission.kind === 'admitted' && admission.task.requestedBy.login === 'alice'
      ? passed('the step that it waits for is begun, for whoever asked')
      : hindered(JSON.stringify(admission));
  },
};

export const stepForNobody: Attack = {
  id: 'U3',
  title: 'a team goes on for somebody who may not start agents any more',
  attack: async () => {
    const admission = await dispatched('carol', step);
    return admission.kind === 'admitted'
      ? escaped('a record gave a right')
      : contained('GitHub is asked again for every step');
  },
  twin: forgedStep.twin,
};

/** A check fails on a branch whose run this person had asked for. */
async function failedCheck(askedBy: string) {
  const at = gateFixture();
  const pull = at.openPull({ branch: 'agent/1/f1-x' });
  const holder = { owner: 'coder/x', runId: 'x', kind: 'agent', reason: 'fix', askedBy } as const;
  const asked = { key: at.key, holder, leaseId: 'l', ttlMs: 60_000, holderIsDead: async () => false };
  const claim = await at.claims.acquire(asked);
  if (claim.kind === 'granted') await at.claims.release(claim.lease);
  const headSha = at.pullInEvent(pull).headSha;
  at.forge.checks.bySha.set(headSha, [sampleCheck({ summary: 'It fails.' })]);
  const sender = { login: 'mallory', kind: 'user' } as const;
  const event: TriggerEvent = { kind: 'checks', headSha, branch: 'agent/1/f1-x', failed: true, told: 'each', sender };
  return at.admit(event);
}

export const checkOfOutsider: Attack = {
  id: 'U3',
  title: 'a check fails on an agent’s branch, and whoever had asked for the work may not any more',
  attack: async () => {
    const admission = await failedCheck('carol');
    return admission.kind === 'admitted'
      ? escaped('a check has rights')
      : contained('the one who asked is asked about');
  },
  twin: async () => {
    const admission = await failedCheck('bob');
    return admission.kind === 'admitted' && admission.task.requestedBy.login === 'bob'
      ? passed('for bob, who may, the coder goes on')
      : hindered(JSON.stringify(admission));
  },
};
