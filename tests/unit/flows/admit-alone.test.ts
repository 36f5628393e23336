import { describe, expect, it } from 'vitest';
import { memberMark } from '../../../src/domain/change-set/member-mark.ts';
import { gateFixture } from './admit-event.fixture.ts';

describe('a gate that answers for one role', () => {
  it.each([
    ['/agent fix', 'fix is for the coder, and this is the issue-reader'],
    ['/agent review', 'review is for the reviewer, and this is the issue-reader'],
    ['/agent triage --role coder', 'triage is for the coder, and this is the issue-reader'],
    ['/agent approve 1f0c7a52be90d4e3a6d2709b', 'approve is for the coder, and this is the issue-reader'],
  ])('leaves %s to others without a sign', async (words, reason) => {
    const at = gateFixture();
    const admission = await at.admit(at.commentEvent(words, 'alice'), { ...at.gate, only: 'issue-reader' });
    expect(admission).toEqual({ kind: 'ignored', reason });
    expect(at.forge.reactions).toEqual([]);
    expect(at.written()).toEqual([]);
  });

  it('carries out what its role is for, and tells what anybody may tell', async () => {
    const at = gateFixture();
    const only = { ...at.gate, only: 'issue-reader' };
    expect(await at.admit(at.commentEvent('/agent status', 'alice'), only)).toMatchObject({ what: 'status' });
    const admission = await at.admit(at.commentEvent('/agent triage', 'alice'), only);
    expect(admission).toMatchObject({ kind: 'admitted', task: { work: 'triage', role: { name: 'issue-reader' } } });
  });

  it('may name the labels that there are and the other open issues', async () => {
    const at = gateFixture();
    await at.forge.labels.create({ name: 'bug' });
    const other = at.forge.seedIssue({ title: 'the same again' });
    at.forge.seedIssue({ title: 'done', state: 'closed' });
    const admission = await at.admit(at.commentEvent('/agent triage', 'alice'));
    if (admission.kind !== 'admitted') throw new Error(JSON.stringify(admission));
    expect(admission.task.triage?.labels).toContain('bug');
    expect(admission.task.triage?.candidates).toEqual([{ number: other, title: 'the same again', labels: [] }]);
  });
});

describe('an issue that asks for a change in several repositories', () => {
  const body = 'Rename it.\n\nRepositories: octo/slug, octo/app (after octo/slug)\n';

  it('is told, where a job has only its own token, what it takes', async () => {
    const at = gateFixture({ issue: { body }, settings: { changeSets: ['octo/app'] } });
    const admission = await at.admit(at.commentEvent('/agent fix', 'alice'));
    expect(admission).toMatchObject({ kind: 'refused', reason: 'policy', commented: true });
    expect(at.written().join()).toContain(
      'the token of a workflow job reaches its own repository only. It takes the GitHub App',
    );
  });

  it('is an issue like any other where the repository allows none, and for one role alone', async () => {
    const at = gateFixture({ issue: { body } });
    expect(await at.admit(at.commentEvent('/agent fix', 'alice'))).toMatchObject({ kind: 'admitted' });
    const other = gateFixture({ issue: { body }, settings: { changeSets: ['octo/app'] } });
    expect(await other.admit(other.commentEvent('/agent fix --role coder', 'alice'))).toMatchObject({
      kind: 'admitted',
    });
  });
});

describe('the issue of a part that may not be merged yet', () => {
  const set = { repository: { owner: 'octo', name: 'lib' }, number: 12 };
  const settings = { draft: false, merge: 'auto', test: 'npm test' } as const;

  it.each([
    ['ours, held', true, 'entropy[bot]', { draft: true, merge: 'never' }],
    ['ours, free', false, 'entropy[bot]', { draft: false, merge: 'auto' }],
    ['somebody else’s', true, 'alice', { draft: false, merge: 'auto' }],
  ])('%s', async (_name, held, author, expected) => {
    const at = gateFixture({ issue: { body: `${memberMark({ set, held })}\n\nRename it.`, author }, settings });
    expect(await at.admit(at.commentEvent('/agent fix', 'alice'))).toMatchObject({ kind: 'admitted', task: expected });
  });
});
