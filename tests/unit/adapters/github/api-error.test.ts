import { describe, expect, it } from 'vitest';
import { createGitHubForge } from '../../../../src/adapters/github/forge.ts';
import { permissionsFor } from '../../../../src/adapters/github/route-permissions.ts';
import type { Forge } from '../../../../src/ports/forge.ts';
import type { ScriptedReply } from '../../../fakes/scripted-github.ts';
import { apiFixture, errorOf, issuePath } from './github-api.fixture.ts';

const pullsPath = '/repos/octo/slug/pulls';
const openPull = { title: 't', body: '', head: 'agent/1/f1-x', base: 'main', draft: true } as const;

async function failed(reply: ScriptedReply, call: (forge: Forge) => Promise<unknown>) {
  await using at = await apiFixture([reply]);
  const error = await errorOf(call(createGitHubForge(at.api)));
  at.done();
  return error;
}

const integration = {
  message: 'Resource not accessible by integration',
  documentation_url: 'https://docs.github.com/x',
};

describe('what GitHub refuses', () => {
  it('for want of a permission is E204 with the YAML to add', async () => {
    const error = await failed({ expect: `POST ${pullsPath}`, status: 403, body: integration }, (forge) =>
      forge.createPullRequest(openPull),
    );
    expect(error.code).toBe('E204');
    expect(error.message).toBe(
      'cannot open a pull request from agent/1/f1-x in octo/slug: GitHub answered 403 "Resource not accessible by integration"',
    );
    expect(error.why).toBe('the token lacks pull-requests: write');
    expect(error.fix).toBe('add to the job:\n    permissions:\n      contents: write\n      pull-requests: write');
  });

  it("names the permission by GitHub's own header when there is one", async () => {
    const error = await failed(
      {
        expect: `POST ${issuePath}/comments`,
        status: 403,
        headers: { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' },
        body: integration,
      },
      (forge) => forge.createComment(1, 'x'),
    );
    expect(error.fix).toBe('add to the job:\n    permissions:\n      issues: write');
  });

  it('because workflows may open no pull requests is E204 with the setting to tick', async () => {
    const body = { message: 'GitHub Actions is not permitted to create or approve pull requests.' };
    const error = await failed({ expect: `POST ${pullsPath}`, status: 403, body }, (forge) =>
      forge.createPullRequest(openPull),
    );
    expect(error).toMatchObject({ code: 'E204', fix: expect.stringContaining('Allow GitHub Actions to create') });
  });

  it('for want of single sign-on says where to authorise', async () => {
    const error = await failed(
      {
        expect: `GET ${issuePath}`,
        status: 403,
        headers: { 'x-github-sso': 'required; url=https://github.com/orgs/octo/sso' },
        body: { message: 'Resource protected by organization SAML enforcement.' },
      },
      (forge) => forge.issue(1),
    );
    expect(error).toMatchObject({ code: 'E204', fix: expect.stringContaining('Configure SSO') });
  });

  it.each([
    [401, 'Bad credentials', 'E201'],
    [404, 'Not Found', 'E202'],
    [410, 'This issue was deleted', 'E202'],
    [409, 'Git Repository is empty.', 'E502'],
    [403, 'Repository was archived so is read-only.', 'E200'],
    [422, 'Validation Failed', 'E200'],
  ])('with %i "%s" is %s', async (status, message, code) => {
    const error = await failed({ expect: `GET ${issuePath}`, status, body: { message } }, (forge) => forge.issue(1));
    expect(error.code).toBe(code);
    expect(error.message).toContain(`GitHub answered ${status} "${message}"`);
  });

  it('never shows the token', async () => {
    const error = await failed(
      { expect: `GET ${issuePath}`, status: 401, body: { message: 'Bad credentials' } },
      (forge) => forge.issue(1),
    );
    const everything = `${error.message} ${error.fix} ${error.why} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
    expect(everything).not.toContain('ghs_canary');
  });

  it('and an answer that is none names what is missing', async () => {
    const error = await failed({ expect: `GET ${issuePath}`, body: { number: 'one' } }, (forge) => forge.issue(1));
    expect(error).toMatchObject({
      code: 'E200',
      message: `GitHub's answer cannot be read: "number" is string, not a whole number`,
    });
  });
});

describe('permissionsFor', () => {
  it('takes the alternative that the workflows already give', () => {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
    expect(permissionsFor(route, 'pull_requests=write; issues=write')).toEqual([{ name: 'issues', level: 'write' }]);
  });

  it('falls back to the table, and takes no nonsense from a header', () => {
    const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}';
    expect(permissionsFor(route, undefined)).toEqual([{ name: 'actions', level: 'read' }]);
    expect(permissionsFor(route, 'metadata=read')).toEqual([{ name: 'actions', level: 'read' }]);
    expect(permissionsFor(route, '$(id)=write,,;')).toEqual([{ name: 'actions', level: 'read' }]);
  });
});
