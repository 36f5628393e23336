import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { type EmbeddedGitHub, startEmbeddedGitHub } from '../../../src/embedded/github/embedded-github.ts';
import { tempFolder } from '../../fakes/temp-folder.ts';
import { conclusions, fixtureRun, jobOf, workflowFile } from './runner/run-fixture.ts';

/** A job that asks as the documentation says and prints the token in two halves, which no mask of ours knows. */
const asking = (permissions: string): string => `
permissions: ${permissions}
jobs:
  ask:
    runs-on: ubuntu-latest
    steps:
      - run: |
          test -z "$ACTIONS_ID_TOKEN_REQUEST_URL" && echo "none to be had" && exit 0
          node -e '
            const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = process.env;
            fetch(url + "&audience=https://coordinator.example", { headers: { authorization: "bearer " + token } })
              .then((answer) => answer.json()).then(({ value }) => console.log("jwt " + value));
            console.log("asking with " + token);
          '
`;

async function world(): Promise<EmbeddedGitHub> {
  const folder = tempFolder({});
  const github = await startEmbeddedGitHub({
    dataDir: folder.root,
    clock: createSystemClock(),
    users: [],
    repositories: [],
  });
  const stop = async () => {
    await github.close();
    folder[Symbol.dispose]();
  };
  return { ...github, [Symbol.asyncDispose]: stop };
}

async function discovered(github: EmbeddedGitHub) {
  const answer = await fetch(`${github.idTokenIssuer}/.well-known/openid-configuration`);
  const document = (await answer.json()) as { readonly issuer: string; readonly jwks_uri: string };
  expect(document.issuer).toBe(github.idTokenIssuer);
  return createRemoteJWKSet(new URL(document.jwks_uri));
}

describe('a job with id-token: write', () => {
  test('gets a token about itself that a stranger can verify by the discovery document', async () => {
    await using github = await world();
    using fixture = fixtureRun();
    const openIdTokens = github.openIdTokens;
    const report = await fixture.run(asking('{ id-token: write }'), { openIdTokens });
    const log = jobOf(report, 'ask').steps[0]?.log ?? '';
    const jwt = /^jwt (\S+)$/m.exec(log)?.[1] ?? '';
    const { payload } = await jwtVerify(jwt, await discovered(github), {
      issuer: github.idTokenIssuer,
      audience: 'https://coordinator.example',
    });
    expect(payload).toMatchObject({
      sub: 'repo:octo/slug:ref:refs/heads/main',
      repository: 'octo/slug',
      repository_id: '11',
      run_id: '4711',
      run_attempt: '2',
      event_name: 'issue_comment',
      workflow_ref: 'octo/slug/.github/workflows/inline.yml@refs/heads/main',
      job_workflow_ref: 'octo/slug/.github/workflows/inline.yml@refs/heads/main',
    });
    expect(log).toContain('asking with ***');
  });

  test('is told by the token which reusable workflow it stands in', async () => {
    await using github = await world();
    using fixture = fixtureRun();
    const openIdTokens = github.openIdTokens;
    const called = asking('{ id-token: write }');
    const foreign = { repository: 'entropy/playground', sha: 'c'.repeat(40), ref: 'refs/tags/v1' };
    const resolve = {
      checkout: async () => ({ commit: '' }),
      action: async () => undefined,
      workflow: async () => ({ ...workflowFile(`on: workflow_call\n${called}`), identity: foreign }),
    };
    const caller =
      'jobs:\n  call:\n    permissions: { id-token: write }\n    uses: entropy/playground/.github/workflows/a.yml@v1\n';
    const report = await fixture.run(caller, { openIdTokens, resolve });
    const jwt = /^jwt (\S+)$/m.exec(jobOf(report, 'call/ask').steps[0]?.log ?? '')?.[1] ?? '';
    const { payload } = await jwtVerify(jwt, await discovered(github));
    expect(payload).toMatchObject({
      workflow_ref: 'octo/slug/.github/workflows/inline.yml@refs/heads/main',
      job_workflow_ref: 'entropy/playground/.github/workflows/inline.yml@refs/tags/v1',
      job_workflow_sha: 'c'.repeat(40),
    });
  });
});

test('a job without id-token: write has nowhere to ask', async () => {
  await using github = await world();
  using fixture = fixtureRun();
  const openIdTokens = github.openIdTokens;
  const report = await fixture.run(asking('{ contents: write }'), { openIdTokens });
  expect(conclusions(report)).toEqual({ ask: 'success' });
  expect(jobOf(report, 'ask').steps[0]?.log).toContain('none to be had');
});

test('nobody gets an ID token with a token that was not given for that', async () => {
  await using github = await world();
  const { url } = github.openIdTokens({ repository: 'octo/slug' });
  for (const authorization of ['bearer guessed', 'bearer ', 'basic eDp5']) {
    expect((await fetch(url, { headers: { authorization } })).status).toBe(401);
  }
  expect((await fetch(url)).status).toBe(401);
});
