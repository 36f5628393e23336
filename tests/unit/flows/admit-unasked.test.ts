import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/domain/actor-policy.ts';
import type { Settings } from '../../../src/domain/settings.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { TriggerEvent } from '../../../src/domain/trigger-event.ts';
import type { Admission } from '../../../src/flows/gate.ts';
import { type GateFixture, gateFixture } from './admit-event.fixture.ts';

const person = (login: string): Actor => ({ login, kind: 'user' });
const bot: Actor = { login: 'dependabot[bot]', kind: 'bot' };

function taskOf(admission: Admission): Task {
  if (admission.kind !== 'admitted') throw new Error(JSON.stringify(admission));
  return admission.task;
}

describe('what nobody typed a command for', () => {
  it.each([
    [{}, 'bob', 'ignored'],
    [{ automaticTriage: 'permitted' }, 'bob', 'admitted'],
    [{ automaticTriage: 'permitted' }, 'carol', 'ignored'],
    [{ automaticTriage: 'everybody' }, 'carol', 'admitted'],
  ] as const)('is done for a new issue with %j of %s: %s', async (settings: Partial<Settings>, login, kind) => {
    const at = gateFixture({ settings });
    const admission = await at.admit({ kind: 'opened', issue: at.issueInEvent(), sender: person(login) });
    expect(admission.kind).toBe(kind);
    if (kind === 'admitted') expect(taskOf(admission)).toMatchObject({ work: 'triage', requestedBy: { login } });
    else expect(at.written()).toEqual([]);
  });

  it('is done for pull requests, not for drafts and bots, and not for code that is old by now', async () => {
    const at = gateFixture({ settings: { automaticReview: 'everybody' } });
    const pull = at.openPull({ branch: 'feature', fromFork: true });
    const issue = at.pullInEvent(pull);
    expect(await at.admit({ kind: 'pull', issue: { ...issue, draft: true }, sender: person('carol') })).toMatchObject({
      kind: 'ignored',
    });
    expect(await at.admit({ kind: 'pull', issue, sender: bot })).toMatchObject({ kind: 'ignored' });
    const old = { ...issue, headSha: 'f'.repeat(40) };
    expect(await at.admit({ kind: 'pull', issue: old, sender: person('carol') })).toMatchObject({ reason: 'changed' });
    expect(at.written()).toEqual([]);
    const admission = await at.admit({ kind: 'pull', issue, sender: person('carol') });
    expect(taskOf(admission)).toMatchObject({ work: 'review', pull: { number: pull } });
  });
});

function reviewed(at: GateFixture, by: string) {
  const pull = at.openPull({ branch: 'agent/1/f1-x' });
  const issue = at.pullInEvent(pull);
  const review = at.forge.reviews.seed(pull, by, {
    event: 'REQUEST_CHANGES',
    body: 'Umlauts are cut.',
    commitSha: issue.headSha,
  });
  const submittedAt = '2026-11-01T10:00:00Z';
  const event: TriggerEvent = {
    kind: 'review',
    issue,
    review: { id: review.id, body: review.body, submittedAt },
    sender: person(by),
  };
  return { pull, issue, event };
}

describe('people’s words on an agent’s pull request', () => {
  it('that request changes send its coder with them', async () => {
    const at = gateFixture();
    const task = taskOf(await at.admit(reviewed(at, 'bob').event));
    expect(task.work).toBe('change');
    expect(JSON.stringify(task.brief?.reasons)).toContain('Umlauts are cut.');
    expect(task.continues?.branch).toBe('agent/1/f1-x');
  });

  it.each([
    ['of somebody who may not', {}, 'carol'],
    ['where the repository does not want it', { automaticRemarks: false }, 'bob'],
  ])('send nobody, and are not answered: %s', async (_name, settings, login) => {
    const at = gateFixture({ settings });
    expect(await at.admit(reviewed(at, login).event)).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toEqual([]);
  });

  it('send nobody while somebody works, and that is not said ten times', async () => {
    const at = gateFixture();
    const { event } = reviewed(at, 'bob');
    taskOf(await at.admit(event));
    const written = at.written().length;
    expect(await at.admit(event)).toMatchObject({ reason: 'claimed', commented: false });
    expect(at.written()).toHaveLength(written);
  });

  it('on a person’s pull request are between people', async () => {
    const at = gateFixture();
    const issue = at.pullInEvent(at.openPull({ branch: 'feature' }));
    const review = { id: 7, body: 'No.', submittedAt: '2026-11-01T10:00:00Z' };
    expect(await at.admit({ kind: 'review', issue, review, sender: person('bob') })).toMatchObject({
      commented: false,
    });
  });

  it('on a line can be a command, which sees the eyes', async () => {
    const at = gateFixture();
    const pull = at.openPull({ branch: 'feature' });
    const { headSha } = at.pullInEvent(pull);
    const review = at.forge.reviews.seed(pull, 'bob', {
      commitSha: headSha,
      comments: [{ path: 'src/word.ts', line: 1, body: '/agent review this too' }],
    });
    const comment = at.forge.reviews.allComments.find(({ reviewId }) => reviewId === review.id);
    if (comment === undefined) throw new Error('no comment');
    const { id, body, createdAt } = comment;
    const event: TriggerEvent = {
      kind: 'line-comment',
      issue: at.pullInEvent(pull),
      comment: { id, body, createdAt },
      sender: person('bob'),
    };
    expect(await at.admit({ ...event, comment: { ...event.comment, body: '/agent review that' } })).toMatchObject({
      reason: 'changed',
    });
    expect(taskOf(await at.admit(event))).toMatchObject({ work: 'review' });
    expect(at.forge.reactions.at(-1)).toEqual({ commentId: id, reaction: 'eyes' });
  });
});

async function failed(at: GateFixture, askedBy?: string): Promise<TriggerEvent> {
  const pull = at.openPull({ branch: 'agent/1/f1-x' });
  const { headSha } = at.pullInEvent(pull);
  const check = { id: 1, name: 'build', status: 'completed', conclusion: 'failure', url: 'https://x' } as const;
  at.forge.checks.bySha.set(headSha, [{ ...check, jobId: undefined, summary: 'Two tests fail.', annotations: 0 }]);
  if (askedBy !== undefined) {
    const holder = { owner: 'coder/x', runId: 'x', kind: 'agent', reason: 'fix', askedBy } as const;
    const claim = await at.claims.acquire({
      key: at.key,
      holder,
      leaseId: 'l',
      ttlMs: 60_000,
      holderIsDead: async () => false,
    });
    if (claim.kind === 'granted') await at.claims.release(claim.lease);
  }
  return { kind: 'checks', headSha, branch: 'agent/1/f1-x', failed: true, sender: bot };
}

describe('a check that fails on an agent’s branch', () => {
  it('sends its coder for whoever had asked, with what the check says', async () => {
    const at = gateFixture();
    const task = taskOf(await at.admit(await failed(at, 'bob')));
    expect(task.requestedBy).toEqual({ login: 'bob', permission: 'write' });
    expect(JSON.stringify(task.brief?.reasons)).toContain('Two tests fail.');
  });

  it.each([
    ['nobody is known who asked', undefined, {}],
    ['whoever asked may not any more', 'carol', {}],
    ['the repository does not want it', 'bob', { automaticChecks: false }],
  ])('sends nobody when %s', async (_name, askedBy, settings) => {
    const at = gateFixture({ settings });
    expect(await at.admit(await failed(at, askedBy))).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toEqual([]);
  });

  it('asks a person after as many runs as the policy has rounds', async () => {
    const at = gateFixture({ settings: { teamRounds: 2 } });
    const event = await failed(at, 'bob');
    for (let run = 1; run <= 3; run += 1) await at.claims.release(taskOf(await at.admit(event)).lease);
    expect(await at.admit(event)).toMatchObject({ reason: 'budget', commented: true });
    expect(at.written().at(-1)).toContain('a person has to look now');
  });

  it('that passes is no news where no team waits', async () => {
    const at = gateFixture();
    const event = await failed(at, 'bob');
    expect(await at.admit({ ...event, failed: false } as TriggerEvent)).toMatchObject({ kind: 'ignored' });
  });
});

describe('the clock of a workflow', () => {
  const order = { command: 'fix', title: 'Update dependencies' };

  it('opens an issue of its own, and finds it again the next night', async () => {
    const at = gateFixture({ settings: { prompt: 'Update dependencies; run the tests. See #12, @carol.' } });
    const event: TriggerEvent = { kind: 'schedule', order, sender: person('alice') };
    const first = taskOf(await at.admit(event));
    expect(first.issue).toMatchObject({ title: 'Update dependencies', labels: ['agent-schedule'] });
    expect(first.issue.body).toContain('See `#12`, `@carol`.');
    await at.claims.release(first.lease);
    expect(taskOf(await at.admit(event)).issue.number).toBe(first.issue.number);
    expect(at.forge.issues.size).toBe(2);
  });

  it('counts for whom GitHub names, whose right is asked for each time; and orders nothing by itself', async () => {
    const at = gateFixture();
    expect(await at.admit({ kind: 'schedule', order, sender: person('carol') })).toMatchObject({
      ...{ reason: 'actor', commented: false },
    });
    expect(await at.admit({ kind: 'schedule', sender: person('alice') })).toMatchObject({ kind: 'ignored' });
    expect(at.forge.issues.size).toBe(1);
  });
});

it('assigning an issue to the account of assignee-trigger asks for a fix', async () => {
  const at = gateFixture({ settings: { assigneeTrigger: 'octo-agent' } });
  const assigned = (assignee: string) =>
    at.admit({ kind: 'assigned', issue: at.issueInEvent(), assignee, sender: person('bob') });
  expect(await assigned('carol')).toMatchObject({ kind: 'ignored' });
  expect(taskOf(await assigned('Octo-Agent'))).toMatchObject({ work: 'change', requestedBy: { login: 'bob' } });
});
