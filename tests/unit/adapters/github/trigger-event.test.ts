import { describe, expect, it } from 'vitest';
import { readTriggerEvent } from '../../../../src/adapters/github/trigger-event.ts';
import { errorOf } from './github-api.fixture.ts';

const issue = { number: 42, title: 'A bug', body: null, updated_at: '2026-11-02T14:02:00Z', user: { login: 'dave' } };
const headSha = 'a'.repeat(40);
const pull = { ...issue, number: 43, head: { sha: headSha }, draft: false };
const sender = { login: 'alice', id: 1, type: 'User' };
const comment = { id: 9, body: '/agent fix', created_at: '2026-11-02T14:02:00Z', user: { login: 'alice' } };

describe('an event of GitHub', () => {
  it('with a new comment keeps what the person saw', async () => {
    const payload = { action: 'created', issue: { ...issue, pull_request: { url: 'x' } }, comment, sender };
    expect(await readTriggerEvent({ name: 'issue_comment', payload })).toEqual({
      kind: 'comment',
      issue: { number: 42, title: 'A bug', body: '', isPullRequest: true, updatedAt: '2026-11-02T14:02:00Z' },
      comment: { id: 9, body: '/agent fix', createdAt: '2026-11-02T14:02:00Z' },
      sender: { login: 'alice', kind: 'user' },
    });
  });

  it('tells an app from a person', async () => {
    const payload = { action: 'created', issue, comment, sender: { login: 'renovate[bot]', type: 'Bot' } };
    expect(await readTriggerEvent({ name: 'issue_comment', payload })).toMatchObject({
      sender: { login: 'renovate[bot]', kind: 'bot' },
    });
  });

  it('with a label names it', async () => {
    const payload = { action: 'labeled', issue, label: { name: 'agent:coder', color: 'fff' }, sender };
    expect(await readTriggerEvent({ name: 'issues', payload })).toMatchObject({ kind: 'label', label: 'agent:coder' });
  });

  it('with a label on a pull request keeps the commit that was seen', async () => {
    const payload = { action: 'labeled', pull_request: pull, label: { name: 'agent:reviewer' }, sender };
    expect(await readTriggerEvent({ name: 'pull_request', payload })).toMatchObject({
      kind: 'label',
      label: 'agent:reviewer',
      issue: { number: 43, isPullRequest: true, headSha, draft: false },
    });
  });

  it.each(['opened', 'ready_for_review', 'synchronize'])('of a pull request that is %s names it', async (action) => {
    const payload = { action, pull_request: { ...pull, draft: true }, sender };
    expect(await readTriggerEvent({ name: 'pull_request', payload })).toMatchObject({
      kind: 'pull',
      issue: { number: 43, draft: true, headSha },
    });
  });

  it.each([
    ['changes_requested', true],
    ['CHANGES_REQUESTED', true],
    ['approved', false],
    ['commented', false],
  ])('with a review that is %s tells whether it demands anything: %s', async (state, demands) => {
    const review = { id: 80, body: null, state, submitted_at: '2026-11-02T14:02:00Z' };
    const payload = { action: 'submitted', pull_request: pull, review, sender };
    expect(await readTriggerEvent({ name: 'pull_request_review', payload })).toMatchObject({
      kind: 'review',
      review: { id: 80, demands },
    });
  });

  it('of what was closed names it', async () => {
    const closed = { action: 'closed', issue: { number: 42, title: 'T', body: null }, sender };
    expect(await readTriggerEvent({ name: 'issues', payload: closed })).toMatchObject({
      kind: 'closed',
      issue: { number: 42, isPullRequest: false },
    });
    const merged = { action: 'closed', pull_request: { ...pull, merged: true }, sender };
    expect(await readTriggerEvent({ name: 'pull_request', payload: merged })).toMatchObject({
      kind: 'closed',
      issue: { number: 43, isPullRequest: true },
    });
  });

  it('with a comment on a line names pull request and comment', async () => {
    const payload = { action: 'created', pull_request: pull, comment, sender };
    expect(await readTriggerEvent({ name: 'pull_request_review_comment', payload })).toMatchObject({
      kind: 'line-comment',
      issue: { number: 43 },
      comment: { id: 9, body: '/agent fix' },
    });
  });

  it.each([
    ['check_run', 'agent/42/f7-slug', 'failure', true],
    ['check_run', 'agent/42/f7-slug', 'timed_out', true],
    ['check_run', 'agent/42/f7-slug', 'success', false],
    ['check_run', 'agent/42/f7-slug', 'cancelled', false],
    ['check_run', 'agent/42/f7-slug', 'startup_failure', true],
    ['check_run', 'main', 'failure', undefined],
    ['workflow_run', 'bots/agent-42/f7-slug', 'failure', true],
    ['workflow_run', 'feature', 'failure', undefined],
  ])('of a %s on %s with %s tells whether it failed: %s', async (name, branch, conclusion, failed) => {
    const run = { head_sha: headSha, conclusion };
    const repository = { full_name: 'octo/slug' };
    const payload =
      name === 'check_run'
        ? { action: 'completed', check_run: { ...run, check_suite: { head_branch: branch } }, sender }
        : {
            action: 'completed',
            workflow_run: { ...run, head_branch: branch, head_repository: repository },
            repository,
            sender,
          };
    const event = await readTriggerEvent({ name, payload });
    expect(event).toMatchObject(
      failed === undefined ? { kind: 'unrelated' } : { kind: 'checks', headSha, branch, failed },
    );
  });

  it("of a workflow on the branch of a fork is nobody's", async () => {
    const run = { head_sha: headSha, conclusion: 'failure', head_branch: 'agent/42/f7-slug' };
    const payload = {
      action: 'completed',
      workflow_run: { ...run, head_repository: { full_name: 'mallory/slug' } },
      repository: { full_name: 'octo/slug' },
      sender,
    };
    expect(await readTriggerEvent({ name: 'workflow_run', payload })).toMatchObject({ kind: 'unrelated' });
  });

  it('of a clock carries what the workflow orders, for whom GitHub names', async () => {
    const order = { command: 'fix --role coder', title: 'Update dependencies' };
    const schedule = { actor: 'alice', order };
    expect(await readTriggerEvent({ name: 'schedule', payload: {}, schedule })).toEqual({
      kind: 'schedule',
      order,
      sender: { login: 'alice', kind: 'user' },
    });
  });

  it('that dispatches a step names it, and an empty one is none', async () => {
    const dispatched = async (step: string) =>
      readTriggerEvent({
        name: 'workflow_dispatch',
        payload: { inputs: { issue: '42', command: 'test', step }, sender },
      });
    expect(await dispatched('01JD00000000000000000000ZZ')).toMatchObject({ step: '01JD00000000000000000000ZZ' });
    expect(await dispatched('')).not.toHaveProperty('step');
  });

  it('of the kind push names the branch that went on, and who pushed', async () => {
    expect(await readTriggerEvent({ name: 'push', payload: { ref: 'refs/heads/release/1', sender } })).toEqual({
      kind: 'pushed',
      branch: 'release/1',
      sender: { login: 'alice', kind: 'user' },
    });
  });

  it.each([
    ['workflow_dispatch', { inputs: { issue: '42', command: 'fix --budget 1usd' }, sender }, 'fix --budget 1usd'],
    ['workflow_dispatch', { inputs: { issue: ' #42 ' }, sender }, ''],
    [
      'repository_dispatch',
      { action: 'entropy-agent', client_payload: { issue: 42, command: 'retry' }, sender },
      'retry',
    ],
  ])('of the kind %s names issue and command', async (name, payload, command) => {
    expect(await readTriggerEvent({ name, payload })).toEqual({
      kind: 'dispatch',
      issueNumber: 42,
      command,
      sender: { login: 'alice', kind: 'user' },
    });
  });

  it.each([
    ['issue_comment', { action: 'edited' }],
    ['issue_comment', { action: 'deleted' }],
    ['issues', { action: 'reopened' }],
    ['pull_request', { action: 'reopened' }],
    ['pull_request_review', { action: 'dismissed' }],
    ['pull_request_review_comment', { action: 'edited' }],
    ['check_run', { action: 'created' }],
    ['workflow_run', { action: 'requested' }],
    ['schedule', { schedule: '0 3 * * *' }],
    ['repository_dispatch', { action: 'deploy' }],
    ['push', { ref: 'refs/tags/v1', sender }],
    ['push', { ref: 'refs/heads/main', deleted: true, sender }],
    ['push', { ref: 'refs/heads/agent/42/f1-titles', sender }],
    ['pull_request_target', { action: 'opened' }],
  ])('that starts nothing is unrelated: %s %j', async (name, payload) => {
    expect(await readTriggerEvent({ name, payload })).toMatchObject({ kind: 'unrelated' });
  });

  it.each([
    ['issue_comment', null, 'payload'],
    ['issue_comment', { action: 'created', issue, sender }, 'comment'],
    ['issue_comment', { action: 'created', issue: { ...issue, number: '42' }, comment, sender }, 'issue.number'],
    ['issue_comment', { action: 'created', issue, comment }, 'sender'],
    ['workflow_dispatch', { inputs: { issue: 'forty-two' }, sender }, 'inputs.issue'],
    ['workflow_dispatch', { inputs: null, sender }, 'inputs'],
    ['repository_dispatch', { action: 'entropy-agent', client_payload: {}, sender }, 'client_payload.issue'],
  ])('that lacks what it needs is E103 and names it: %s %j', async (name, payload, place) => {
    const error = await errorOf(readTriggerEvent({ name, payload }));
    expect(error.code).toBe('E103');
    expect(error.message).toContain(`${place}: `);
  });

  it('carries nothing into objects that a payload should not reach', async () => {
    const payload = JSON.parse(
      '{"action":"created","__proto__":{"admin":true},"issue":{"number":1,"title":"t","__proto__":{"isPullRequest":true}},"comment":{"id":1,"body":"x","created_at":"t"},"sender":{"login":"a"}}',
    );
    const event = await readTriggerEvent({ name: 'issue_comment', payload });
    expect(event).not.toHaveProperty('admin');
    expect(event).toMatchObject({ issue: { isPullRequest: false } });
  });
});
