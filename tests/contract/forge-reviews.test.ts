import { describe, expect, it } from 'vitest';
import { createGitHubApi, type GitHubApi } from '../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../src/adapters/github/forge.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import type { Forge } from '../../src/ports/forge.ts';
import { FakeForge } from '../fakes/fake-forge.ts';
import { sampleTeamRecord } from '../fakes/sample-team-record.ts';
import { type EmbeddedForgeFixture, embeddedForge } from './embedded-forge.fixture.ts';
import { headOf } from './forge.contract.ts';
import { forgeReviewsContract } from './forge-reviews.contract.ts';
import { teamRecordsContract } from './team-records.contract.ts';

const files = { 'README.md': '# slug\n', 'src/a.txt': 'one\n' };
const added = 'one\ntwo\nthree\n';

/** With a job's token that may do just so much. */
function clientOf(
  at: EmbeddedForgeFixture,
  permissions: Readonly<Record<string, string>>,
  send: typeof fetch = fetch,
): GitHubApi {
  const { repository } = at.forge;
  return createGitHubApi({
    token: at.github.mintToken({ repository, permissions }),
    repository,
    apiUrl: at.github.apiUrl,
    userAgent: 'test',
    clock: { ...createSystemClock(), sleep: async () => {} },
    signal: new AbortController().signal,
    log: () => {},
    fetch: send,
  });
}

/** A draft from a branch of its own. */
async function draftOf(forge: Forge): Promise<{ readonly pull: number; readonly headSha: string }> {
  const base = await forge.commit(await headOf(forge, 'main'));
  const entries = [{ kind: 'text', path: 'new.txt', mode: '100644', content: added }] as const;
  const treeSha = await forge.createTree(base.treeSha, entries);
  const { sha } = await forge.createCommit({ message: 'new', treeSha, parents: [base.sha] });
  await forge.createBranch('agent/1/f1-x', sha);
  const made = await forge.createPullRequest({ title: 't', body: '', head: 'agent/1/f1-x', base: 'main', draft: true });
  if (made.kind !== 'created') throw new Error('not created');
  return { pull: made.pull.number, headSha: sha };
}

forgeReviewsContract('the forge in memory', async () => {
  const forge = new FakeForge({ files });
  const { pull, headSha } = await draftOf(forge);
  forge.seedIssue({ number: pull, isPullRequest: true });
  const patch = '@@ -0,0 +1,3 @@\n+one\n+two\n+three';
  forge.reviews.diffs.set(pull, [{ path: 'new.txt', previousPath: undefined, status: 'added', patch }]);
  return {
    ...{ forge, pull, headSha },
    replyAs: async (comment, body) =>
      void forge.reviews.seedComment(pull, 'alice', { path: 'new.txt', body, inReplyTo: comment }),
    [Symbol.asyncDispose]: async () => {},
  };
});

forgeReviewsContract('GitHub, embedded,', async () => {
  const at = await embeddedForge(files);
  const { pull, headSha } = await draftOf(createGitHubForge(at.apiOf('alice')));
  return {
    ...{ forge: at.forge, pull, headSha },
    replyAs: async (comment, body) =>
      void (await createGitHubForge(at.apiOf('alice')).reviews.reply(pull, comment, body)),
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
});

teamRecordsContract('the forge in memory', async () => ({
  forge: new FakeForge({ files }),
  [Symbol.asyncDispose]: async () => {},
}));

teamRecordsContract('GitHub, embedded,', async () => {
  const at = await embeddedForge(files);
  return { forge: at.forge, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() };
});

describe('GitHub, embedded,', () => {
  const record = sampleTeamRecord();

  it('names what a token lacks that may comment and not push: a conversation ends with the right to push only', async () => {
    await using at = await embeddedForge(files);
    const { pull, headSha } = await draftOf(createGitHubForge(at.apiOf('alice')));
    const comments = [{ path: 'new.txt', line: 1, body: 'Why?' }];
    await at.forge.reviews.create(pull, { commitSha: headSha, event: 'COMMENT', body: 'x', comments });
    const [thread] = await at.forge.reviews.threads(pull);
    const { reviews } = createGitHubForge(clientOf(at, { contents: 'read', 'pull-requests': 'write' }));
    const lacking = { code: 'E204', fix: expect.stringContaining('contents: write') };
    await expect(reviews.resolveThread(thread?.id ?? '')).rejects.toMatchObject(lacking);
    await expect(reviews.markReady(pull)).rejects.toMatchObject(lacking);
    expect((await reviews.threads(pull)).map(({ resolved }) => resolved)).toEqual([false]);
  });

  it('reads every conversation and every word of one, however many there are', async () => {
    await using at = await embeddedForge(files);
    const alice = createGitHubForge(at.apiOf('alice'));
    const { pull, headSha } = await draftOf(alice);
    const comments = Array.from({ length: 130 }, (_, n) => ({ path: 'new.txt', line: 1, body: `No. ${n}` }));
    await at.forge.reviews.create(pull, { commitSha: headSha, event: 'COMMENT', body: 'x', comments });
    const [first] = await at.forge.reviews.comments(pull);
    for (let n = 0; n < 105; n += 1) await alice.reviews.reply(pull, first?.id ?? 0, `Answer ${n}`);
    const threads = await at.forge.reviews.threads(pull);
    expect(threads).toHaveLength(130);
    expect(threads[0]?.comments).toHaveLength(106);
    expect(new Set(threads.map(({ id }) => id)).size).toBe(130);
  });

  it('writes a review once, also when the answer to the first try is lost', async () => {
    await using at = await embeddedForge(files);
    const { pull, headSha } = await draftOf(createGitHubForge(at.apiOf('alice')));
    let lost = 0;
    const losing: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      const posts = init?.method === 'POST' && !String(input).endsWith('/graphql');
      if (!posts || lost === 2) return answer;
      lost += 1;
      throw new TypeError('fetch failed');
    };
    const { reviews } = createGitHubForge(clientOf(at, { contents: 'write', 'pull-requests': 'write' }, losing));
    const comments = [{ path: 'new.txt', line: 1, body: 'Why?' }];
    const review = { commitSha: headSha, event: 'COMMENT', body: 'See below.', comments } as const;
    expect(await reviews.create(pull, review)).toMatchObject({ kind: 'created' });
    const [comment] = await reviews.comments(pull);
    expect(await reviews.reply(pull, comment?.id ?? 0, 'Because.')).toMatchObject({ body: 'Because.' });
    expect(lost).toBe(2);
    expect((await reviews.comments(pull)).map(({ body }) => body)).toEqual(['Why?', 'Because.']);
    expect((await reviews.reviews(pull)).filter(({ body }) => body !== '')).toHaveLength(1);
  });

  it('gives the end of a job’s log, wherever GitHub keeps it, and nothing of one that is gone', async () => {
    await using at = await embeddedForge(files);
    const headSha = await headOf(at.forge, 'main');
    const run = { workflowPath: '.github/workflows/ci.yml', name: 'ci', event: 'push', title: 'x', headBranch: 'main' };
    const { runs } = at.github;
    const { id } = runs.create({ repository: at.forge.repository, ...run, headSha, actor: 'alice' });
    const times = { startedAt: '2026-11-01T10:00:00Z', completedAt: '2026-11-01T10:01:00Z', steps: [] };
    runs.update(id, { jobs: [{ name: 'test', status: 'completed', conclusion: 'failure', ...times }] });
    runs.setJobLog(id, 'test', `${'before\n'.repeat(100_000)}not ok 1 – ünïcode\n`);
    const [check] = await at.forge.checks.of(headSha);
    expect(check).toMatchObject({ name: 'test', status: 'completed', conclusion: 'failure', annotations: 0 });
    const log = await at.forge.checks.jobLog(check?.jobId ?? 0, 24);
    expect(log).toBe('\nnot ok 1 – ünïcode\n');
    expect(await at.forge.checks.jobLog(4711, 24)).toBeUndefined();
    expect(await at.forge.checks.annotations(check ?? never())).toEqual([]);
  });

  it('tells a check by its newest run, beside the statuses of older services', async () => {
    await using at = await embeddedForge(files);
    const sha = await headOf(at.forge, 'main');
    const token = at.github.mintToken({
      repository: at.forge.repository,
      permissions: { checks: 'write', statuses: 'write' },
    });
    const post = async (path: string, body: object) => {
      const headers = { authorization: `Bearer ${token}` };
      const url = `${at.github.apiUrl}/repos/octo/slug${path}`;
      expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status).toBe(201);
    };
    const at1 = {
      path: 'src/a.txt',
      start_line: 1,
      end_line: 1,
      annotation_level: 'failure',
      message: 'no',
      title: 'T',
    };
    const output = { title: 'Lint', summary: '1 problem', annotations: [at1] };
    await post('/check-runs', { name: 'lint', head_sha: sha, conclusion: 'success' });
    await post('/check-runs', { name: 'lint', head_sha: sha, conclusion: 'failure', output });
    await post(`/statuses/${sha}`, { state: 'pending', context: 'ci' });
    await post(`/statuses/${sha}`, {
      state: 'error',
      context: 'old',
      description: 'broke',
      target_url: 'https://x.test/',
    });
    const checks = await at.forge.checks.of(sha);
    expect(checks).toMatchObject([
      { name: 'ci', status: 'in_progress', conclusion: undefined },
      { name: 'lint', conclusion: 'failure', summary: 'Lint\n\n1 problem', annotations: 1 },
      { name: 'old', status: 'completed', conclusion: 'failure', summary: 'broke', url: 'https://x.test/' },
    ]);
    expect(await at.forge.checks.annotations(checks[1] ?? never())).toEqual([
      { path: 'src/a.txt', line: 1, level: 'failure', message: 'T: no' },
    ]);
  });

  it('passes over what others left in the place of a record, and covers it', async () => {
    await using at = await embeddedForge(files);
    const alice = at.apiOf('alice');
    const sha = await headOf(at.forge, 'main');
    const foreign = { ref: 'refs/agents/team/42', sha };
    await alice.send({ route: 'POST /repos/{owner}/{repo}/git/refs', params: foreign, purpose: 'be in the way' });
    expect(await at.forge.team.read(42)).toBeUndefined();
    expect(await at.forge.team.issues()).toEqual([]);
    expect(await at.forge.team.swap(42, { seen: undefined, record })).toMatchObject({ kind: 'stored' });
    expect((await at.forge.team.read(42))?.record).toEqual(record);
    expect(await at.forge.team.swap(42, { seen: undefined, record })).toEqual({ kind: 'moved' });
  });

  it('reads and writes title, milestone and state of an issue, and makes no milestone', async () => {
    await using at = await embeddedForge(files);
    const { metadata } = at.forge;
    const issue = await at.openIssue('carol', { title: 'Old', body: '' });
    expect(await metadata.read(issue)).toEqual({ title: 'Old', milestone: '', state: 'open' });
    await expect(metadata.write(issue, { title: 'New', milestone: 'v1' })).rejects.toMatchObject({ code: 'E202' });
    expect(await metadata.read(issue)).toMatchObject({ title: 'Old' });
    const params = { title: 'v1' };
    await at.apiOf('alice').send({ route: 'POST /repos/{owner}/{repo}/milestones', params, purpose: 'make one' });
    expect(await metadata.milestones()).toEqual(['v1']);
    await metadata.write(issue, { milestone: 'v1', state: 'closed' });
    expect(await metadata.read(issue)).toEqual({ title: 'Old', milestone: 'v1', state: 'closed' });
  });

  it('starts no workflow with a record, and makes no branch', async () => {
    await using at = await embeddedForge(files);
    const told: string[] = [];
    at.github.onEvent(({ name }) => told.push(name));
    await createGitHubForge(at.apiOf('alice')).team.swap(42, { seen: undefined, record });
    expect(told).toEqual([]);
    expect(await at.forge.branchesWithPrefix('')).toHaveLength(1);
  });

  it('tells whether git could merge a pull request, and that it comes from no fork', async () => {
    await using at = await embeddedForge(files);
    const { forge } = at;
    const base = await headOf(forge, 'main');
    const commitOf = async (content: string) => {
      const { treeSha } = await forge.commit(base);
      const entries = [{ kind: 'text', path: 'src/a.txt', mode: '100644', content }] as const;
      return (
        await forge.createCommit({
          message: content,
          treeSha: await forge.createTree(treeSha, entries),
          parents: [base],
        })
      ).sha;
    };
    await forge.createBranch('agent/1/f1-x', await commitOf('two\n'));
    const made = await forge.createPullRequest({
      title: 't',
      body: '',
      head: 'agent/1/f1-x',
      base: 'main',
      draft: false,
    });
    const number = made.kind === 'created' ? made.pull.number : 0;
    expect(await forge.pullRequest(number)).toMatchObject({ mergeable: 'yes', fromFork: false });
    await forge.updateBranch('main', await commitOf('three\n'));
    expect(await forge.pullRequest(number)).toMatchObject({ mergeable: 'unknown' });
    expect(await forge.pullRequest(number)).toMatchObject({ mergeable: 'conflicts' });
    expect((await forge.openPullRequestsInto('main')).map((pull) => pull.number)).toEqual([number]);
    expect((await forge.openPullRequestsInto()).map((pull) => pull.mergeable)).toEqual(['unknown']);
    expect(await forge.openPullRequestsInto('agent/1/f1-x')).toEqual([]);
    expect((await forge.openPullRequests('agent/1/f1-x')).map(({ mergeable }) => mergeable)).toEqual(['unknown']);
  });
});

function never(): never {
  throw new Error('there is none');
}
