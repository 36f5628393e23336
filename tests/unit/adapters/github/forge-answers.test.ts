import { describe, expect, it } from 'vitest';
import { createGitHubForge } from '../../../../src/adapters/github/forge.ts';
import type { Forge } from '../../../../src/ports/forge.ts';
import type { ScriptedReply } from '../../../fakes/scripted-github.ts';
import { apiFixture, errorOf } from './github-api.fixture.ts';

const repo = '/repos/octo/slug';
const sha = 'a'.repeat(40);

async function asked<Value>(replies: readonly ScriptedReply[], call: (forge: Forge) => Promise<Value>) {
  await using at = await apiFixture(replies);
  const value = await call(createGitHubForge(at.api));
  at.done();
  return { value, bodies: at.server.bodies };
}

const pull = {
  number: 2,
  html_url: 'https://github.com/octo/slug/pull/2',
  state: 'open',
  merged_at: null,
  draft: true,
  title: 't',
  body: null,
  head: { ref: 'agent/1/f1-x', sha },
  base: { ref: 'main' },
  user: { login: 'entropy[bot]' },
  created_at: '2026-11-01T10:00:00Z',
};

describe('the permission of a person', () => {
  const path = `GET ${repo}/collaborators/carol/permission`;
  it.each([
    [{ permission: 'admin', role_name: 'admin' }, 'admin'],
    [{ permission: 'write', role_name: 'maintain' }, 'maintain'],
    [{ permission: 'read', role_name: 'triage' }, 'triage'],
    [{ permission: 'write', role_name: 'security-team' }, 'write'],
    [{ permission: 'none', role_name: '' }, 'none'],
    [{ permission: 'surprise' }, 'none'],
  ])('%j is %s', async (body, permission) => {
    const { value } = await asked([{ expect: path, body }], (forge) => forge.permissionOf('carol'));
    expect(value).toBe(permission);
  });

  it('is none for somebody whom GitHub does not know', async () => {
    const reply = { expect: path, status: 404, body: { message: 'carol is not a user' } };
    expect((await asked([reply], (forge) => forge.permissionOf('carol'))).value).toBe('none');
  });
});

describe('whether somebody is in a team', () => {
  const path = 'GET /orgs/octo/teams/agents/memberships/carol';
  it.each([
    [200, { state: 'active', role: 'member' }, 'member'],
    [200, { state: 'pending', role: 'member' }, 'no-member'],
    [404, { message: 'Not Found' }, 'no-member'],
    [403, { message: 'Resource not accessible by integration' }, 'cannot-tell'],
  ])('%i %j is %s', async (status, body, told) => {
    const { value } = await asked([{ expect: path, status, body }], (forge) =>
      forge.isTeamMember({ org: 'octo', slug: 'agents' }, 'carol'),
    );
    expect(value).toBe(told);
  });
});

describe('a file', () => {
  const path = `GET ${repo}/contents/.github%2Fentropy.yml?ref=main`;
  it('comes as its bytes', async () => {
    const content = Buffer.from([0, 255, 13, 10]).toString('base64');
    const { value } = await asked([{ expect: path, body: { type: 'file', encoding: 'base64', content } }], (forge) =>
      forge.file('.github/entropy.yml', 'main'),
    );
    expect([...(value ?? [])]).toEqual([0, 255, 13, 10]);
  });

  it('of more than a megabyte comes from its blob', async () => {
    const content = Buffer.from('large').toString('base64');
    const { value } = await asked(
      [
        { expect: path, body: { type: 'file', encoding: 'none', content: '', sha } },
        { expect: `GET ${repo}/git/blobs/${sha}`, body: { sha, size: 5, encoding: 'base64', content } },
      ],
      (forge) => forge.file('.github/entropy.yml', 'main'),
    );
    expect(Buffer.from(value ?? []).toString()).toBe('large');
  });

  it.each([
    ['a folder', { body: [{ type: 'file' }] }],
    ['a submodule', { body: { type: 'submodule' } }],
    ['nothing', { status: 404, body: { message: 'Not Found' } }],
  ])('is not there where %s is', async (_name, reply) => {
    const { value } = await asked([{ expect: path, ...reply }], (forge) => forge.file('.github/entropy.yml', 'main'));
    expect(value).toBeUndefined();
  });
});

describe('a branch', () => {
  const one = `${repo}/git/refs/heads%2Fagent%2F1%2Ff1-x`;
  it.each([
    ['created', { status: 201, body: { ref: 'refs/heads/agent/1/f1-x', object: { sha } } }],
    ['exists', { status: 422, body: { message: 'Reference already exists' } }],
  ] as const)('is told as %s', async (told, reply) => {
    const { value, bodies } = await asked([{ expect: `POST ${repo}/git/refs`, ...reply }], (forge) =>
      forge.createBranch('agent/1/f1-x', sha),
    );
    expect(value).toBe(told);
    expect(bodies).toEqual([{ ref: 'refs/heads/agent/1/f1-x', sha }]);
  });

  it.each([
    ['updated', { status: 200, body: { ref: 'refs/heads/agent/1/f1-x', object: { sha } } }],
    ['not-fast-forward', { status: 422, body: { message: 'Update is not a fast forward' } }],
    ['missing', { status: 422, body: { message: 'Reference does not exist' } }],
  ] as const)('is told as %s, and never forced', async (told, reply) => {
    const { value, bodies } = await asked([{ expect: `PATCH ${one}`, ...reply }], (forge) =>
      forge.updateBranch('agent/1/f1-x', sha),
    );
    expect(value).toBe(told);
    expect(bodies).toEqual([{ sha, force: false }]);
  });

  it('that a rule forbids is an error, not "exists"', async () => {
    await using at = await apiFixture([
      {
        expect: `POST ${repo}/git/refs`,
        status: 422,
        body: { message: 'Repository rule violations found\n\nCannot create ref due to creations being restricted.' },
      },
    ]);
    const error = await errorOf(createGitHubForge(at.api).createBranch('agent/1/f1-x', sha));
    expect(error).toMatchObject({ code: 'E200', fix: expect.stringContaining('Settings → Rules') });
  });
});

describe('a pull request', () => {
  const list = `GET ${repo}/pulls?state=open&head=octo%3Aagent%2F1%2Ff1-x&per_page=100&page=1`;
  const wanted = { title: 't', body: 'b', head: 'agent/1/f1-x', base: 'main', draft: true } as const;

  it('that was opened is read from the answer', async () => {
    const { value } = await asked([{ expect: `POST ${repo}/pulls`, status: 201, body: pull }], (forge) =>
      forge.createPullRequest(wanted),
    );
    expect(value).toMatchObject({ kind: 'created', pull: { number: 2, draft: true, body: '', merged: false } });
  });

  it('that is open already is told as such', async () => {
    const body = { message: 'Validation Failed', errors: [{ message: 'A pull request already exists for octo:x.' }] };
    const { value } = await asked(
      [
        { expect: `POST ${repo}/pulls`, status: 422, body },
        { expect: list, body: [pull] },
      ],
      (forge) => forge.createPullRequest(wanted),
    );
    expect(value).toEqual({ kind: 'exists' });
  });

  it('is opened ready where drafts do not exist', async () => {
    const body = { message: 'Draft pull requests are not supported in this repository.' };
    const { value, bodies } = await asked(
      [
        { expect: `POST ${repo}/pulls`, status: 422, body },
        { expect: list, body: [] },
        { expect: `POST ${repo}/pulls`, status: 201, body: { ...pull, draft: false } },
      ],
      (forge) => forge.createPullRequest(wanted),
    );
    expect(value).toMatchObject({ kind: 'created', pull: { draft: false } });
    expect(bodies[2]).toMatchObject({ draft: false });
  });

  it('to a base that is missing is E505', async () => {
    await using at = await apiFixture([
      {
        expect: `POST ${repo}/pulls`,
        status: 422,
        body: { message: 'Validation Failed', errors: [{ resource: 'PullRequest', field: 'base', code: 'invalid' }] },
      },
      { expect: list, body: [] },
    ]);
    expect((await errorOf(createGitHubForge(at.api).createPullRequest(wanted))).code).toBe('E505');
  });

  it.each([
    [200, { sha, merged: true, message: 'Pull Request successfully merged' }, { kind: 'merged', sha }],
    [409, { message: 'Head branch was modified. Review and try the merge again.' }, { kind: 'head-moved' }],
  ])('that is merged is answered with %d', async (status, body, result) => {
    const { value, bodies } = await asked([{ expect: `PUT ${repo}/pulls/2/merge`, status, body }], (forge) =>
      forge.mergePullRequest(2, { sha, method: 'squash' }),
    );
    expect(value).toEqual(result);
    expect(bodies[0]).toEqual({ sha, merge_method: 'squash' });
  });

  it.each([
    [
      { ...pull, merged: true, merge_commit_sha: 'b'.repeat(40) },
      { kind: 'merged', sha: 'b'.repeat(40) },
    ],
    [
      { ...pull, draft: true },
      { kind: 'refused', reason: 'Pull Request is not mergeable' },
    ],
  ])('that is not mergeable was merged already, when the first answer was lost, or is not', async (now, result) => {
    const { value } = await asked(
      [
        { expect: `PUT ${repo}/pulls/2/merge`, status: 405, body: { message: 'Pull Request is not mergeable' } },
        { expect: `GET ${repo}/pulls/2`, body: now },
      ],
      (forge) => forge.mergePullRequest(2, { sha, method: 'merge' }),
    );
    expect(value).toEqual(result);
  });

  it("of somebody else's branch with the same name is not ours", async () => {
    const { value } = await asked([{ expect: list, body: [{ ...pull, head: { ref: 'other', sha } }] }], (forge) =>
      forge.openPullRequests('agent/1/f1-x'),
    );
    expect(value).toEqual([]);
  });
});

describe('a workflow run', () => {
  const path = `${repo}/actions/runs/7`;
  it.each([
    [{ id: 7, run_attempt: 2, status: 'completed', conclusion: 'failure' }, 'completed', 2],
    [{ id: 7, run_attempt: 1, status: 'waiting', conclusion: null }, 'queued', 1],
    [{ id: 7, status: 'in_progress' }, 'in_progress', 1],
  ])('%j reads as %s, attempt %i', async (body, status, attempt) => {
    const { value } = await asked([{ expect: `GET ${path}`, body }], (forge) => forge.workflowRun(7));
    expect(value).toMatchObject({ id: 7, status, attempt });
  });

  it.each([
    [202, {}, 'cancelling'],
    [409, { message: 'Cannot cancel a workflow run that is completed.' }, 'ended'],
    [404, { message: 'Not Found' }, 'missing'],
    [403, { message: 'Resource not accessible by integration' }, 'not-permitted'],
  ])('asked to cancel with %i is told as it is', async (status, body, told) => {
    const { value } = await asked([{ expect: `POST ${path}/cancel`, status, body }], (forge) =>
      forge.cancelWorkflowRun(7),
    );
    expect(value).toBe(told);
  });
});

describe('whose token this is', () => {
  const refused = { expect: 'GET /user', status: 403, body: { message: 'Resource not accessible by integration' } };

  it('is told by GitHub for a person', async () => {
    const { value } = await asked([{ expect: 'GET /user', body: { login: 'alice' } }], async (forge) => [
      await forge.isOwnAuthor('alice'),
      await forge.isOwnAuthor('github-actions[bot]'),
    ]);
    expect(value).toEqual([true, false]);
  });

  const viewer = (login: string) => ({ expect: 'POST /graphql', body: { data: { viewer: { login } } } });
  const authors = ['github-actions[bot]', 'entropy[bot]', 'evil-app[bot]', 'dependabot[bot]', 'alice', ''];
  const ours = async (forge: Forge) => {
    const found: string[] = [];
    for (const author of authors) if (await forge.isOwnAuthor(author)) found.push(author);
    return found;
  };

  it.each(['github-actions[bot]', 'entropy[bot]'])('is told by GraphQL for a job and for an App: %s', async (login) => {
    expect((await asked([refused, viewer(login)], ours)).value).toEqual([login]);
  });

  it.each([
    [403, { message: 'Resource not accessible by integration' }],
    [404, { message: 'Not Found' }],
    [200, { data: null, errors: [{ type: 'FORBIDDEN', message: 'no' }] }],
  ])('is the job’s own where GitHub tells nothing (%i), and never just any App', async (status, body) => {
    const { value } = await asked([refused, { expect: 'POST /graphql', status, body }], ours);
    expect(value).toEqual(['github-actions[bot]']);
  });

  it('is told by the first thing that is written with it', async () => {
    const comment = { id: 1, body: 'x', user: { login: 'entropy[bot]' }, created_at: '', updated_at: '' };
    const post = { expect: `POST ${repo}/issues/1/comments`, status: 201, body: comment };
    const { value } = await asked([post], async (forge) => {
      await forge.createComment(1, 'x');
      return ours(forge);
    });
    expect(value).toEqual(['entropy[bot]']);
  });
});
