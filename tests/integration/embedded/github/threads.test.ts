import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitHubApi } from '../../../../src/adapters/github/api.ts';
import { createGitHubForge } from '../../../../src/adapters/github/forge.ts';
import { createSystemClock } from '../../../../src/adapters/system/system-clock.ts';
import type { Forge } from '../../../../src/ports/forge.ts';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';
import { createOpenApiChecker } from '../../../fakes/openapi-check.ts';

const repo = '/repos/octo/slug';
const path = 'src/slugify.ts';

/** The file with some of its forty lines changed, some put in front, some left out. */
function linesOf(changed: Readonly<Record<number, string>>, before: readonly string[] = []): string {
  const lines = Array.from({ length: 40 }, (_, at) => changed[at + 1] ?? `export const line${at + 1} = ${at + 1};`);
  return `${[...before, ...lines].join('\n')}\n`;
}

describe('conversations on a pull request', () => {
  let room: GitHubRoom;
  let forge: Forge;
  let pull: number;
  let at: string;
  beforeEach(async () => {
    room = await gitHubRoom();
    await room.commit('work', { [path]: linesOf({ 10: 'ten', 20: 'twenty' }) });
    const body = { title: 'Work', head: 'work', base: 'main' };
    pull = (await room.ask('POST', `${repo}/pulls`, { body })).json.number;
    at = `${repo}/pulls/${pull}`;
    const api = createGitHubApi({
      ...{ repository: { owner: 'octo', name: 'slug' }, apiUrl: room.github.apiUrl, userAgent: 'test' },
      ...{ token: room.tokens.octo, clock: { ...createSystemClock(), sleep: async () => {} } },
      ...{ signal: new AbortController().signal, log: () => {} },
    });
    forge = createGitHubForge(api);
  });
  afterEach(() => room[Symbol.asyncDispose]());

  const say = async (place: Readonly<Record<string, unknown>>) => {
    const commit_id = await room.head('work');
    const token = room.tokens.octo;
    return (await room.ask('POST', `${at}/comments`, { token, body: { body: 'Hm', commit_id, path, ...place } })).json;
  };
  const places = async () =>
    (await room.ask('GET', `${at}/comments`)).json.map((each: Record<string, unknown>) => [
      each['line'],
      each['original_line'],
      each['position'] === null,
    ]);

  test('lines that moved take their comments along; a line that was changed leaves its comment behind', async () => {
    const first = await room.head('work');
    await say({ line: 10, side: 'RIGHT' });
    await say({ line: 20, side: 'RIGHT', start_line: 19 });
    await say({ line: 10, side: 'LEFT' });
    const moved = await room.commit('work', { [path]: linesOf({ 10: 'ten', 20: 'twenty' }, ['// new', '// top']) });
    expect(await places()).toEqual([
      [12, 10, false],
      [22, 20, false],
      [10, 10, false],
    ]);
    const [, ranged] = (await room.ask('GET', `${at}/comments`)).json;
    expect(ranged).toMatchObject({ start_line: 21, original_start_line: 19, commit_id: moved });
    expect(ranged.original_commit_id).toBe(first);
    await room.commit('work', { [path]: linesOf({ 10: 'ten', 20: 'other' }, ['// new', '// top']) });
    expect(await places()).toEqual([
      [12, 10, false],
      [null, 20, true],
      [10, 10, false],
    ]);
    expect((await forge.reviews.threads(pull)).map(({ outdated }) => outdated)).toEqual([false, true, false]);
    expect((await forge.reviews.comments(pull)).map(({ line }) => line)).toEqual([12, undefined, 10]);
  });

  test('a change that is taken back takes its line out of the diff; a comment about the file stays', async () => {
    await say({ line: 20, side: 'RIGHT' });
    await say({ subject_type: 'file' });
    await room.commit('work', { [path]: linesOf({ 2: 'two' }) });
    expect((await forge.reviews.threads(pull)).map(({ outdated }) => outdated)).toEqual([true, false]);
    const [, whole] = (await room.ask('GET', `${at}/comments`)).json;
    expect(whole).toMatchObject({ subject_type: 'file', commit_id: await room.head('work') });
    // As it was: the line is back, and so is the comment.
    await room.commit('work', { [path]: linesOf({ 10: 'ten', 20: 'twenty' }) });
    expect((await forge.reviews.threads(pull)).map(({ outdated }) => outdated)).toEqual([false, false]);
  });

  test('one that is closed says so to webhooks and workflows, once', async () => {
    const { id } = await say({ line: 20, side: 'RIGHT' });
    await room.ask('POST', `${at}/comments/${id}/replies`, { body: { body: 'Fixed' } });
    const [thread] = await forge.reviews.threads(pull);
    room.events.length = 0;
    await forge.reviews.resolveThread(thread?.id ?? '');
    await forge.reviews.resolveThread(thread?.id ?? '');
    await forge.reviews.reopenThread(thread?.id ?? '');
    expect(room.events.map(({ name, payload }) => `${name}.${String(payload['action'])}`)).toEqual([
      'pull_request_review_thread.resolved',
      'pull_request_review_thread.unresolved',
    ]);
    const [told] = room.events;
    expect(told?.payload).toMatchObject({
      thread: { node_id: thread?.id, comments: [{ id }, { body: 'Fixed' }] },
      pull_request: { number: pull },
      sender: { login: 'octo' },
    });
  });

  test('one whose first comment is deleted goes on with the next, closed or not', async () => {
    const { id } = await say({ line: 20, side: 'RIGHT' });
    expect(id).toBeGreaterThan(2 ** 31);
    const reply = (await room.ask('POST', `${at}/comments/${id}/replies`, { body: { body: 'But why?' } })).json;
    const [thread] = await forge.reviews.threads(pull);
    await forge.reviews.resolveThread(thread?.id ?? '');
    await room.ask('DELETE', `${repo}/pulls/comments/${id}`, { token: room.tokens.octo });
    const closed = { ...thread, resolved: true, resolvedBy: 'octo', comments: [reply.id] };
    expect(await forge.reviews.threads(pull)).toEqual([closed]);
    await forge.reviews.reopenThread(thread?.id ?? '');
    expect((await forge.reviews.threads(pull)).map(({ resolved }) => resolved)).toEqual([false]);
    await room.ask('DELETE', `${repo}/pulls/comments/${reply.id}`, { token: room.tokens.octo });
    expect(await forge.reviews.threads(pull)).toEqual([]);
    const checker = createOpenApiChecker();
    expect(room.exchanges.flatMap((exchange) => checker.check(exchange))).toEqual([]);
  });

  test('whoever may only read closes none, but on a pull request of their own', async () => {
    await say({ line: 20, side: 'RIGHT' });
    const [thread] = await forge.reviews.threads(pull);
    const close = async (token: string) => {
      const query = 'mutation($thread:ID!){resolveReviewThread(input:{threadId:$thread}){thread{id isResolved}}}';
      const body = JSON.stringify({ query, variables: { thread: thread?.id } });
      const answer = await fetch(room.github.graphqlUrl, {
        ...{ method: 'POST', headers: { authorization: `Bearer ${token}` }, body },
      });
      const { errors } = (await answer.json()) as { readonly errors?: readonly { readonly type: string }[] };
      return errors?.[0]?.type ?? 'done';
    };
    expect(await close(room.tokens.bob)).toBe('FORBIDDEN');
    expect(await close(room.job({ 'pull-requests': 'write' }))).toBe('FORBIDDEN');
    expect(await close(room.tokens.alice)).toBe('done');
  });

  test('the page shows open ones at their lines, closed ones folded, outdated ones with what they were about', async () => {
    await say({ line: 20, side: 'RIGHT', body: 'Stays open <b>bold</b>' });
    await say({ line: 10, side: 'RIGHT', body: 'Is closed' });
    await say({ line: 20, side: 'LEFT', body: 'About the old line' });
    await say({ subject_type: 'file', body: 'About the file' });
    const [, closed] = await forge.reviews.threads(pull);
    await forge.reviews.resolveThread(closed?.id ?? '');
    const look = async () => (await fetch(`${room.github.url}/octo/slug/pull/${pull}`)).text();
    const before = await look();
    expect(before).toContain('Stays open &lt;b&gt;bold');
    expect(before).toMatch(/<details class="thread"><summary>.*Resolved<\/span> by .*octo/s);
    expect(before).toContain('About the old line');
    expect(before).toMatch(/Conversations on no line of this diff.*About the file/s);
    expect(before).not.toContain('Outdated');
    await room.commit('work', { [path]: linesOf({ 10: 'ten', 20: 'other' }) });
    const after = await look();
    expect(after).toMatch(/Outdated.*<pre class="hunk">.*\+twenty.*Stays open/s);
  });

  test('a draft that becomes ready says so, and the page tells who did it', async () => {
    await room.commit('draft', { 'draft.md': 'draft\n' });
    const body = { title: 'Draft', head: 'draft', base: 'main', draft: true };
    const { number } = (await room.ask('POST', `${repo}/pulls`, { body })).json;
    room.events.length = 0;
    expect(await forge.reviews.markReady(number)).toBe('ready');
    expect(room.events.map(({ name, payload }) => `${name}.${String(payload['action'])}`)).toEqual([
      'pull_request.ready_for_review',
    ]);
    expect(room.events[0]?.payload['pull_request']).toMatchObject({ draft: false });
    const page = await (await fetch(`${room.github.url}/octo/slug/pull/${number}`)).text();
    expect(page).toContain('marked this as ready for review');
  });
});

describe('jobs of workflow runs', () => {
  test('are checks of their commit, with events and a log of their own', async () => {
    await using room = await gitHubRoom();
    const sha = await room.commit('work', { 'a.md': 'a\n' });
    const { runs } = room.github;
    const named = {
      workflowPath: '.github/workflows/ci.yml',
      name: 'ci',
      event: 'push',
      title: 'x',
      headBranch: 'work',
    };
    const { id } = runs.create({ repository: { owner: 'octo', name: 'slug' }, ...named, headSha: sha, actor: 'alice' });
    const job = { name: 'test', startedAt: '2026-11-01T10:00:00Z', completedAt: null, steps: [] };
    room.events.length = 0;
    runs.update(id, { status: 'in_progress', jobs: [{ ...job, status: 'in_progress', conclusion: null }] });
    const { jobs } = (await room.ask('GET', `${repo}/actions/runs/${id}/jobs`)).json;
    const logs = `${repo}/actions/jobs/${jobs[0].id}/logs`;
    expect((await room.ask('GET', logs)).status).toBe(404);
    runs.update(id, { jobs: [{ ...job, status: 'completed', conclusion: 'failure', completedAt: job.startedAt }] });
    runs.setLog(id, 'of the run');
    runs.setJobLog(id, 'test', 'of the job');
    const sent = await room.ask('GET', logs);
    expect(sent.status).toBe(302);
    expect(await (await fetch(sent.headers.get('location') ?? '')).text()).toBe('of the job');
    expect(room.events.filter(({ name }) => name === 'check_run').map(({ payload }) => payload['action'])).toEqual([
      'created',
      'completed',
    ]);
    const listed = (await room.ask('GET', `${repo}/commits/work/check-runs`)).json;
    expect(listed).toMatchObject({
      total_count: 1,
      check_runs: [{ id: jobs[0].id, name: 'test', conclusion: 'failure', app: { slug: 'github-actions' } }],
    });
    expect(listed.check_runs[0].details_url).toBe(jobs[0].html_url);
    expect((await room.ask('GET', `${repo}/check-runs/${jobs[0].id}`)).json.name).toBe('test');
    expect((await fetch(jobs[0].html_url)).status).toBe(200);
  });
});
