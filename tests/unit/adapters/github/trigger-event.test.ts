import { describe, expect, it } from 'vitest';
import { readTriggerEvent } from '../../../../src/adapters/github/trigger-event.ts';
import { errorOf } from './github-api.fixture.ts';

const issue = { number: 42, title: 'A bug', body: null, updated_at: '2026-11-02T14:02:00Z', user: { login: 'dave' } };
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
    ['issues', { action: 'opened' }],
    ['issues', { action: 'assigned' }],
    ['repository_dispatch', { action: 'deploy' }],
    ['push', {}],
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
