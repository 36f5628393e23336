import { describe, expect, it } from 'vitest';
import { readForgeEvent } from '../../../../src/adapters/github/forge-event.ts';

const repository = { full_name: 'octo/slug' };
const sender = { login: 'alice' };
const issue = {
  number: 7,
  title: 'It is wrong',
  body: null,
  user: null,
  state: 'open',
  labels: [{ name: 'bug' }],
  assignees: [{ login: 'bob' }],
  milestone: { title: 'v1' },
  comments: 2,
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-02T10:00:00Z',
  closed_at: null,
};

function read(event: string, payload: Readonly<Record<string, unknown>>) {
  return readForgeEvent({ event, payload: { repository, sender, ...payload } });
}

describe('a webhook', () => {
  it('tells an issue as it is now', () => {
    expect(read('issues', { action: 'edited', issue })).toEqual({
      kind: 'issue',
      actor: 'github/alice',
      issue: {
        repository: 'octo/slug',
        number: 7,
        kind: 'issue',
        title: 'It is wrong',
        body: '',
        author: 'ghost',
        forgeState: 'open',
        labels: ['bug'],
        assignees: ['bob'],
        milestone: 'v1',
        comments: 2,
        createdAt: Date.UTC(2026, 10, 1, 10),
        updatedAt: Date.UTC(2026, 10, 2, 10),
      },
    });
  });

  it.each(['deleted', 'transferred'])('tells an issue that was %s as closed', (action) => {
    const closed = { forgeState: 'closed', closedAt: Date.UTC(2026, 10, 2, 10) };
    expect(read('issues', { action, issue })).toMatchObject({ issue: closed });
  });

  it('tells the issue of a deleted comment as open', () => {
    const told = read('issue_comment', { action: 'deleted', issue, comment: { id: 1 } });
    expect(told).toMatchObject({ issue: { forgeState: 'open' } });
  });

  it('tells a pull request as one, wherever it is told', () => {
    const pull = { ...issue, head: { ref: 'x' }, comments: undefined };
    expect(read('pull_request', { action: 'closed', pull_request: pull })).toMatchObject({ issue: { kind: 'pull' } });
    const asIssue = { ...issue, pull_request: { url: 'x' } };
    expect(read('issue_comment', { action: 'created', issue: asIssue, comment: {} })).toMatchObject({
      issue: { kind: 'pull' },
    });
  });

  it('tells dependencies from either side, over repositories', () => {
    const blocker = { ...issue, number: 3 };
    const ends = { blocked_issue: issue, blocking_issue: blocker };
    const dependency = {
      kind: 'blocks',
      from: 'github/octo/other/issues/3',
      to: 'github/octo/slug/issues/7',
      source: 'github',
    };
    const other = { full_name: 'octo/other' };
    expect(
      read('issue_dependencies', { action: 'blocked_by_added', ...ends, blocking_issue_repo: other }),
    ).toMatchObject({ kind: 'dependency', change: 'added', dependency });
    const fromThere = { action: 'blocking_removed', ...ends, blocked_issue_repo: repository, repository: other };
    expect(read('issue_dependencies', fromThere)).toMatchObject({ change: 'removed', dependency });
    const half = { action: 'blocked_by_added', blocked_issue: issue };
    expect(read('issue_dependencies', half)).toMatchObject({ kind: 'unrelated' });
  });

  it('tells sub-issues as parts of their parent', () => {
    const payload = { action: 'sub_issue_added', parent_issue: { ...issue, number: 1 }, sub_issue: issue };
    expect(read('sub_issues', payload)).toMatchObject({
      change: 'added',
      dependency: {
        kind: 'parent',
        from: 'github/octo/slug/issues/1',
        to: 'github/octo/slug/issues/7',
        source: 'sub-issue',
      },
    });
  });

  it('tells the end of a workflow run, and not its beginning', () => {
    const run = { id: 5, run_attempt: 2, conclusion: 'failure', display_title: 'agent 01JD' };
    expect(read('workflow_run', { action: 'completed', workflow_run: run })).toEqual({
      kind: 'run-ended',
      repository: 'octo/slug',
      runId: 5,
      attempt: 2,
      conclusion: 'failure',
      title: 'agent 01JD',
    });
    expect(read('workflow_run', { action: 'in_progress', workflow_run: run })).toMatchObject({ kind: 'unrelated' });
  });

  it.each(['ping', 'push', 'workflow_job', 'star'])('of %s is none of our business', (event) => {
    expect(read(event, { action: 'x' })).toMatchObject({ kind: 'unrelated' });
  });

  it.each([
    ['issues', {}],
    ['issues', { action: 'opened', issue: { number: 'seven' } }],
    ['issues', { action: 'opened', issue: { ...issue, updated_at: 'yesterday' } }],
    ['issues', { action: 'opened', issue, sender: null }],
    ['workflow_run', { action: 'completed', workflow_run: { id: 1 } }],
    ['sub_issues', { action: 'sub_issue_added', parent_issue: {}, sub_issue: {} }],
  ])('%s that is not what its name promises is refused: %j', (event, payload) => {
    expect(() => read(event, payload)).toThrow(expect.objectContaining({ code: 'E103' }));
  });
});
