import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/domain/actor-policy.ts';
import type { Settings } from '../../../src/domain/settings.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { TriggerEvent } from '../../../src/domain/trigger-event.ts';
import type { Admission } from '../../../src/flows/gate.ts';
import { sampleCheck } from '../../fakes/fake-checks.ts';
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
    review: { id: review.id, body: review.body, submittedAt, demands: true },
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

  it('are counted where they are not told: of people who may not start agents', async () => {
    const at = gateFixture();
    const { event, pull } = reviewed(at, 'bob');
    at.forge.reviews.seedComment(pull, 'carol', { path: 'src/word.ts', line: 1, body: 'Delete it.' });
    const admission = await at.admit(event);
    expect(taskOf(admission).brief?.omitted).toEqual({ unheard: 1, left: 0 });
    expect(at.written().at(-1)).toContain('Not told to the agent: 1 remark of those who may not start agents here.');
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
    const { event, issue, pull } = reviewed(at, 'bob');
    taskOf(await at.admit(event));
    const written = at.written().length;
    expect(await at.admit(event)).toMatchObject({ reason: 'A run that began later was told of it.' });
    const comment = at.forge.reviews.seedComment(pull, 'bob', {
      path: 'x',
      body: 'Also.',
      createdAt: '2027-01-01T00:00:00Z',
    });
    const later: TriggerEvent = { kind: 'line-comment', issue, comment, sender: person('bob') };
    expect(await at.admit(later)).toMatchObject({ reason: 'claimed', commented: false });
    expect(at.written()).toHaveLength(written);
  });

  it('on a person’s pull request are between people', async () => {
    const at = gateFixture();
    const issue = at.pullInEvent(at.openPull({ branch: 'feature' }));
    const review = { id: 7, body: 'No.', submittedAt: '2026-11-01T10:00:00Z', demands: true };
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

type ChecksEvent = Extract<TriggerEvent, { kind: 'checks' }>;

describe('a command in a review', () => {
  it.each(['COMMENT', 'APPROVE', 'REQUEST_CHANGES'] as const)(
    'that says %s is one, sees the eyes, and is bound to its words',
    async (event) => {
      const at = gateFixture();
      const pull = at.openPull({ branch: 'feature' });
      const issue = at.pullInEvent(pull);
      const body = 'Nice.\n\n/agent review once more';
      const { id } = at.forge.reviews.seed(pull, 'bob', { event, body, commitSha: issue.headSha });
      const review = { id, body, submittedAt: '2026-11-01T10:00:00Z', demands: event === 'REQUEST_CHANGES' };
      const told: TriggerEvent = { kind: 'review', issue, review, sender: person('bob') };
      const other = { ...review, body: '/agent review something else' };
      expect(await at.admit({ ...told, review: other })).toMatchObject({ reason: 'changed', commented: true });
      expect(taskOf(await at.admit(told))).toMatchObject({ work: 'review', pull: { number: pull } });
      expect(at.forge.reviews.reacted.at(-1)).toBe(id);
      expect(await at.admit({ ...told, sender: person('carol') })).toMatchObject({ reason: 'actor' });
    },
  );

  it('is none where there is only talk, and nobody is asked for rights', async () => {
    const at = gateFixture();
    const issue = at.pullInEvent(at.openPull({ branch: 'agent/1/f1-x' }));
    const review = { id: 7, body: 'Nice.', submittedAt: '2026-11-01T10:00:00Z', demands: false };
    expect(await at.admit({ kind: 'review', issue, review, sender: person('bob') })).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toEqual([]);
  });
});

async function failed(at: GateFixture, askedBy?: string): Promise<ChecksEvent> {
  const pull = at.openPull({ branch: 'agent/1/f1-x' });
  const { headSha } = at.pullInEvent(pull);
  at.forge.checks.bySha.set(headSha, [sampleCheck({ summary: 'Two tests fail.' })]);
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
  return { kind: 'checks', headSha, branch: 'agent/1/f1-x', failed: true, told: 'each', sender: bot };
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

  it.each([
    ['somebody who may not start agents', 'carol', 'issue', 'refused'],
    ['a bot', 'helper[bot]', 'issue', 'refused'],
    ['somebody who may, on the issue', 'bob', 'issue', 'admitted'],
    ['somebody who may, on the pull request', 'bob', 'pull', 'admitted'],
  ] as const)('is counted anew after a word of %s: %s on the %s is %s', async (_who, login, where, kind) => {
    const at = gateFixture({ settings: { teamRounds: 1 } });
    const event = await failed(at, 'bob');
    for (let run = 1; run <= 2; run += 1) await at.claims.release(taskOf(await at.admit(event)).lease);
    at.forge.seedComment(where === 'issue' ? 1 : (at.forge.pulls[0]?.number ?? 0), '+1', login);
    expect(await at.admit(event)).toMatchObject({ kind });
  });

  it('is told to a person once for each head, however many jobs fail on it', async () => {
    const at = gateFixture({ settings: { teamRounds: 0 } });
    const event = await failed(at, 'bob');
    await at.claims.release(taskOf(await at.admit(event)).lease);
    const before = at.written().length;
    for (let run = 1; run <= 20; run += 1) {
      const workflowRun = { id: run, attempt: 1, url: `https://github.com/octo/slug/actions/runs/${run}` };
      expect(await at.admit(event, { ...at.gate, workflowRun })).toMatchObject({
        reason: 'budget',
        commented: run === 1,
      });
    }
    expect(at.written().length).toBe(before + 1);
  });

  it('waits for the jobs that are still at work, and is heard with the last one, whatever that says', async () => {
    const at = gateFixture();
    const event = await failed(at, 'bob');
    const lint = sampleCheck({ name: 'lint', summary: 'A line is too long.' });
    const slow = sampleCheck({ id: 2, name: 'test', jobId: 2, status: 'in_progress', conclusion: undefined });
    at.forge.checks.bySha.set(event.headSha, [lint, slow]);
    expect(await at.admit(event)).toEqual({ kind: 'ignored', reason: 'not all checks have ended' });
    at.forge.checks.bySha.set(event.headSha, [lint, { ...slow, status: 'completed', conclusion: 'success' }]);
    const task = taskOf(await at.admit({ ...event, failed: false }));
    expect(JSON.stringify(task.brief?.reasons)).toContain('A line is too long.');
  });

  it.each([
    ['what some service left open', {}, 'each'],
    ['another workflow, of which nobody may tell', { jobId: 2 }, 'workflow'],
  ] as const)('does not wait for %s', async (_name, more, told) => {
    const at = gateFixture();
    const event = await failed(at, 'bob');
    const open = sampleCheck({ id: 2, name: 'preview', status: 'in_progress', conclusion: undefined, ...more });
    at.forge.checks.bySha.set(event.headSha, [sampleCheck(), open]);
    expect(await at.admit({ ...event, told })).toMatchObject({ kind: 'admitted' });
  });

  it('that passes is no news where no team waits', async () => {
    const at = gateFixture();
    const event = await failed(at, 'bob');
    expect(await at.admit({ ...event, failed: false, told: 'workflow' })).toMatchObject({ kind: 'ignored' });
    at.forge.checks.bySha.set(event.headSha, [sampleCheck({ conclusion: 'success' })]);
    expect(await at.admit({ ...event, failed: false })).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toEqual([]);
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
