import { describe, expect, it } from 'vitest';
import { advance } from '../../../src/domain/stages/advance.ts';
import { startTeam } from '../../../src/domain/stages/start-team.ts';
import type { TeamApproval } from '../../../src/domain/stages/team-approval.ts';
import type { TeamEvent } from '../../../src/domain/stages/team-event.ts';
import type { TeamRecord } from '../../../src/domain/stages/team-record.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { Admission } from '../../../src/flows/gate.ts';
import { commentDigest } from '../../../src/flows/plan-hash.ts';
import { seenDigest } from '../../../src/flows/seen-digest.ts';
import { actionsLog } from '../../fakes/actions-log.ts';
import { sampleCheck } from '../../fakes/fake-checks.ts';
import { type GateFixture, gateFixture } from './admit-event.fixture.ts';

const stages = ['read', 'plan', 'code', 'review'] as const;
const settings = { teamStages: stages };
const bot = { login: 'github-actions[bot]', kind: 'bot' } as const;

function taskOf(admission: Admission): Task {
  if (admission.kind !== 'admitted') throw new Error(JSON.stringify(admission));
  return admission.task;
}

async function stored(at: GateFixture, change: Partial<TeamRecord>, ...events: readonly TeamEvent[]): Promise<void> {
  const moment = { now: at.clock.now(), stepId: '01JD00000000000000000000ST' };
  const team = { repository: 'octo/slug', issue: 1, askedBy: 'bob', stages, maxRounds: 3 };
  const record = { ...startTeam(team, moment), ...change };
  const after = events.reduce((before, event) => advance(before, event, moment).record, record);
  await at.forge.team.swap(1, { seen: (await at.forge.team.read(1))?.id, record: after });
}

/** What alice saw before anybody answered. */
function seenBy(at: GateFixture): TeamApproval {
  return { seen: seenDigest(at.issueInEvent()), at: new Date(at.clock.now() - 60_000).toISOString() };
}

const stateOf = async (at: GateFixture) => (await at.forge.team.read(1))?.record.state;

describe('fix, where the repository has a team', () => {
  it('begins it with its first stage, as the step that the record waits for', async () => {
    const at = gateFixture({ settings });
    const task = taskOf(await at.admit(at.commentEvent('/agent fix --budget 1usd', 'bob')));
    expect(task).toMatchObject({ work: 'triage', budget: { maxCostMicroUsd: 1_000_000 } });
    expect(await stateOf(at)).toMatchObject({ kind: 'running', runId: task.runId, fence: 1, step: task.step });
    expect((await at.forge.team.read(1))?.record).toMatchObject({ askedBy: 'bob', chosen: stages, maxRounds: 3 });
  });

  it.each(['/agent fix --role coder', '/agent fix --base main'])('sends one agent alone for %s', async (text) => {
    const at = gateFixture({ settings });
    expect(taskOf(await at.admit(at.commentEvent(text, 'bob')))).toMatchObject({ work: 'change' });
    expect(await at.forge.team.read(1)).toBeUndefined();
  });

  it('leaves no team behind when nothing could be started', async () => {
    const at = gateFixture({ settings, issue: { state: 'closed' } });
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'))).toMatchObject({ reason: 'closed' });
    expect(await at.forge.team.read(1)).toBeUndefined();
  });

  it('is told where the team stands when it is not its turn', async () => {
    const at = gateFixture({ settings });
    await stored(at, { stage: 'approve', state: { kind: 'waiting', for: 'approval', what: 'the plan' } });
    expect(await at.admit(at.commentEvent('/agent fix', 'bob'))).toMatchObject({ reason: 'team' });
    expect(at.written().at(-1)).toContain('waits for an approval');
  });

  it('waits while a run of the team works, and goes on when that is dead', async () => {
    const at = gateFixture({ settings });
    taskOf(await at.admit(at.commentEvent('/agent fix', 'bob')));
    expect(await at.admit(at.commentEvent('/agent fix', 'alice'))).toMatchObject({ reason: 'claimed' });
    at.forge.runs.set(77, { id: 77, attempt: 1, status: 'completed', conclusion: 'cancelled' });
    const next = { ...at.gate, workflowRun: { id: 78, attempt: 1, url: 'https://x/78' } };
    at.forge.runs.set(78, { id: 78, attempt: 1, status: 'in_progress', conclusion: null });
    const task = taskOf(await at.admit(at.commentEvent('/agent fix', 'alice'), next));
    expect(task).toMatchObject({ work: 'triage', lease: { fence: 2 } });
    expect(await stateOf(at)).toMatchObject({ kind: 'running', runId: task.runId });
  });
});

describe('a step', () => {
  const dispatch = (at: GateFixture, command: string, step = '01JD00000000000000000000ST') =>
    at.admit({ kind: 'dispatch', issueNumber: 1, command, step, sender: bot });

  it('is begun once, for whoever asked', async () => {
    const at = gateFixture({ settings });
    await stored(at, {});
    const task = taskOf(await dispatch(at, 'triage'));
    expect(task).toMatchObject({
      step: '01JD00000000000000000000ST',
      requestedBy: { login: 'bob', permission: 'write' },
    });
    expect(await dispatch(at, 'triage')).toMatchObject({ kind: 'ignored' });
  });

  it.each([
    ['of another command', 'fix', undefined],
    ['of another name', 'triage', '01JD00000000000000000000NO'],
  ])('%s is nobody’s', async (_name, command, step) => {
    const at = gateFixture({ settings });
    await stored(at, {});
    expect(await dispatch(at, command, step)).toMatchObject({ kind: 'ignored' });
    expect(at.written()).toEqual([]);
  });

  it('that is refused asks a person, for nobody will begin it', async () => {
    const at = gateFixture({ settings: { ...settings, allowedRoles: ['coder'] } });
    await stored(at, {});
    expect(await dispatch(at, 'triage')).toMatchObject({ reason: 'policy', commented: false });
    expect(await stateOf(at)).toMatchObject({ kind: 'waiting', for: 'person' });
  });

  it('for somebody who may not any more asks a person as well', async () => {
    const at = gateFixture({ settings });
    await stored(at, { askedBy: 'carol' });
    expect(await dispatch(at, 'triage')).toMatchObject({ kind: 'ignored' });
    expect(await stateOf(at)).toMatchObject({ kind: 'waiting', for: 'person' });
  });
});

describe('an answer', () => {
  const waiting = { state: { kind: 'waiting', for: 'answer', what: 'two questions' } } as const;

  it.each([
    ['the author, who may do nothing else,', 'dave', 'admitted'],
    ['somebody who may start agents', 'alice', 'admitted'],
    ['anybody else', 'carol', 'ignored'],
  ])('of %s continues: %s %s', async (_name, login, kind) => {
    const at = gateFixture({ settings, issue: { author: 'dave' } });
    at.forge.permissions.set('dave', 'read');
    await stored(at, { ...waiting, approval: seenBy(at) });
    const admission = await at.admit(at.commentEvent('With umlauts, too.', login));
    expect(admission.kind).toBe(kind);
    if (kind === 'admitted') expect(taskOf(admission)).toMatchObject({ requestedBy: { login: 'bob' }, work: 'triage' });
    else expect(at.written()).toEqual([]);
    expect(at.forge.reactions).toEqual([]);
  });

  it('of an author who may not start agents is kept for the next steps, and what was approved stays so', async () => {
    const at = gateFixture({ settings, issue: { author: 'dave' } });
    at.forge.permissions.set('dave', 'read');
    const approval = seenBy(at);
    await stored(at, { ...waiting, approval });
    const event = at.commentEvent('With umlauts, too.', 'dave');
    const { issue } = taskOf(await at.admit(event));
    expect(issue.comments.map(({ body }) => body)).toEqual(['With umlauts, too.']);
    const kept = (await at.forge.team.read(1))?.record.approval;
    expect(kept).toEqual({
      ...approval,
      answers: [{ id: event.comment.id, digest: commentDigest('With umlauts, too.') }],
    });
  });

  it('of somebody who may start agents takes what they saw for approved', async () => {
    const at = gateFixture({ settings, issue: { author: 'dave' } });
    await stored(at, { ...waiting, approval: { ...seenBy(at), seen: 'of another text' } });
    const event = at.commentEvent('With umlauts, too.', 'bob');
    taskOf(await at.admit(event));
    const kept = (await at.forge.team.read(1))?.record.approval;
    expect(kept).toEqual({ seen: seenBy(at).seen, at: event.comment.createdAt, comment: event.comment.id });
  });

  it.each([
    ['to a team whose issue nobody is known to have read', {}],
    ['while code is written', { stage: 'code' }],
  ] as const)('of the author %s starts nothing', async (_name, change) => {
    const at = gateFixture({ settings, issue: { author: 'dave' } });
    at.forge.permissions.set('dave', 'read');
    await stored(at, { ...waiting, ...('stage' in change && { ...change, approval: seenBy(at) }) });
    expect(await at.admit(at.commentEvent('With umlauts, too.', 'dave'))).toMatchObject({ kind: 'ignored' });
  });

  it('where nobody waits for one costs one question and starts nothing', async () => {
    const at = gateFixture({ settings });
    expect(await at.admit(at.commentEvent('Nice.', 'bob'))).toMatchObject({ kind: 'ignored' });
    expect(at.forge.calls.filter((call) => !call.startsWith('GET'))).toEqual([]);
  });
});

describe('words and checks about the pull request of a team that rests', () => {
  const resting = { stage: 'ready', state: { kind: 'waiting', for: 'checks', what: 'checks' } } as const;

  it('of a person send its coder as the next step', async () => {
    const at = gateFixture({ settings });
    const pull = at.openPull({ branch: 'agent/1/f1-x' });
    const issue = at.pullInEvent(pull);
    await stored(at, { ...resting, pullRequest: pull, headSha: issue.headSha });
    const review = at.forge.reviews.seed(pull, 'bob', {
      event: 'REQUEST_CHANGES',
      body: 'Umlauts.',
      commitSha: issue.headSha,
    });
    const said = { id: review.id, body: review.body, submittedAt: '2026-11-01T10:00:00Z', demands: true };
    const sender = { login: 'bob', kind: 'user' } as const;
    const task = taskOf(await at.admit({ kind: 'review', issue, review: said, sender }));
    expect(task.step).toBeDefined();
    expect(await stateOf(at)).toMatchObject({ kind: 'running', runId: task.runId, step: task.step });
    expect((await at.forge.team.read(1))?.record).toMatchObject({ stage: 'address', round: 2 });
  });

  it('that failed send its coder, and those that passed end it', async () => {
    const at = gateFixture({ settings });
    const pull = at.openPull({ branch: 'agent/1/f1-x', draft: true });
    const { headSha } = at.pullInEvent(pull);
    await stored(at, { ...resting, pullRequest: pull, headSha });
    const event = { kind: 'checks', headSha, branch: 'agent/1/f1-x', told: 'each', sender: bot } as const;
    at.forge.checks.bySha.set(headSha, [sampleCheck({ jobId: 7 })]);
    at.forge.checks.logs.set(7, actionsLog({ output: 'AssertionError: expected one to be two' }));
    const task = taskOf(await at.admit({ ...event, failed: true }));
    expect(task).toMatchObject({ work: 'change', requestedBy: { login: 'bob' } });
    expect(JSON.stringify(task.brief?.reasons)).toContain('expected one to be two');
    await at.claims.release(task.lease);
    await stored(at, { ...resting, pullRequest: pull, headSha });
    at.forge.checks.bySha.set(headSha, [sampleCheck({ conclusion: 'success' })]);
    expect(await at.admit({ ...event, failed: false })).toMatchObject({ kind: 'ignored' });
    expect(await stateOf(at)).toMatchObject({ kind: 'over', how: 'ready' });
  });

  it.each(['issue', 'pull'] as const)(
    'that never end are gone past when a person says so, on the %s',
    async (where) => {
      const at = gateFixture({ settings });
      const pull = at.openPull({ branch: 'agent/1/f1-x', draft: true });
      const { headSha } = at.pullInEvent(pull);
      const person = { kind: 'waiting', for: 'person', what: 'x' } as const;
      await stored(at, { stage: 'ready', state: person, pullRequest: pull, headSha, unended: ['build'] });
      at.forge.checks.bySha.set(headSha, [sampleCheck({ status: 'queued', conclusion: undefined })]);
      const event = {
        kind: 'checks',
        headSha,
        branch: 'agent/1/f1-x',
        failed: false,
        told: 'each',
        sender: bot,
      } as const;
      expect(await at.admit(event)).toMatchObject({ kind: 'ignored' });
      expect(await stateOf(at)).toMatchObject(person);
      const asked = at.commentEvent('/agent fix', 'bob', where === 'issue' ? 1 : pull);
      expect(await at.admit(asked)).toMatchObject({ kind: 'answered', what: 'status' });
      const what = expect.stringContaining('has not ended: build');
      expect(await stateOf(at)).toMatchObject({ kind: 'over', how: 'ready', what });
    },
  );
});

it('stop ends the team too, and status tells where it stands', async () => {
  const at = gateFixture({ settings });
  taskOf(await at.admit(at.commentEvent('/agent fix', 'bob')));
  await at.admit(at.commentEvent('/agent status', 'bob'));
  expect(at.written().at(-1)).toContain(
    'Its team (read, plan, code, review) is at read, round 1 of 3; a run works on it.',
  );
  await at.admit(at.commentEvent('/agent stop', 'bob'));
  expect(await stateOf(at)).toMatchObject({ kind: 'over', how: 'stopped' });
  expect(await at.claims.read(at.key)).toMatchObject({ state: 'free' });
});

describe('an issue or a pull request that was closed', () => {
  const close = (at: GateFixture): void => {
    const issue = at.forge.issues.get(1);
    if (issue !== undefined) at.forge.issues.set(1, { ...issue, state: 'closed' });
  };
  const sender = { login: 'carol', kind: 'user' } as const;

  it('ends the team and its run, whoever closed it', async () => {
    const at = gateFixture({ settings });
    const task = taskOf(await at.admit(at.commentEvent('/agent fix', 'bob')));
    close(at);
    expect(await at.admit({ kind: 'closed', issue: at.issueInEvent(), sender })).toMatchObject({ kind: 'ignored' });
    expect(await stateOf(at)).toMatchObject({ kind: 'over', how: 'closed' });
    expect(await at.claims.read(at.key)).toMatchObject({ state: 'free', holder: { runId: task.runId } });
    expect(at.forge.runs.get(77)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
  });

  it('ends it before the next step begins, where nobody heard of it', async () => {
    const at = gateFixture({ settings });
    await stored(at, {});
    close(at);
    const step = '01JD00000000000000000000ST';
    const dispatched = { kind: 'dispatch', issueNumber: 1, command: 'triage', step, sender: bot } as const;
    expect(await at.admit(dispatched)).toMatchObject({ kind: 'ignored' });
    expect(await stateOf(at)).toMatchObject({ kind: 'over', how: 'closed' });
    expect(at.written().join()).not.toContain('needs a person');
  });

  it('ends it by the pull request that the team works on, and by no other', async () => {
    const at = gateFixture({ settings });
    const pull = at.openPull({ branch: 'agent/1/f1-x', state: 'closed' });
    const other = at.openPull({ branch: 'patch-1', state: 'closed' });
    await stored(at, { stage: 'review', pullRequest: pull });
    await at.admit({ kind: 'closed', issue: at.pullInEvent(other), sender });
    expect(await stateOf(at)).toMatchObject({ kind: 'pending' });
    await at.admit({ kind: 'closed', issue: at.pullInEvent(pull), sender });
    expect(await stateOf(at)).toMatchObject({ kind: 'over', what: `pull request #${pull} was closed` });
  });

  it('costs one question where there is no team', async () => {
    const at = gateFixture({ settings });
    close(at);
    await at.admit({ kind: 'closed', issue: at.issueInEvent(), sender });
    expect(at.forge.calls).toHaveLength(1);
  });
});
