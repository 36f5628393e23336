import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

const repo = '/repos/octo/slug';

describe('pull requests', () => {
  let room: GitHubRoom;
  beforeAll(async () => {
    room = await gitHubRoom();
  });
  afterAll(() => room[Symbol.asyncDispose]());

  const open = (head: string, more: Record<string, unknown> = {}) =>
    room.ask('POST', `${repo}/pulls`, { body: { title: head, head, base: 'main', ...more } });
  const pull = async (number: number) => (await room.ask('GET', `${repo}/pulls/${number}`)).json;
  const issueState = async (number: number) => (await room.ask('GET', `${repo}/issues/${number}`)).json.state;
  const newIssue = async () =>
    (await room.ask('POST', `${repo}/issues`, { body: { title: 'To be closed' } })).json.number;

  test('what GitHub refuses is refused: no head, no base, nothing between, a twin', async () => {
    await room.commit('twin', { 'twin.txt': 'x\n' });
    expect((await open('missing')).json.errors[0]).toMatchObject({ field: 'head', code: 'invalid' });
    expect((await open('twin', { base: 'missing' })).json.errors[0]).toMatchObject({ field: 'base', code: 'invalid' });
    expect((await open('stranger:twin')).status).toBe(422);
    expect((await open('main')).json.errors[0].message).toContain('No commits between');
    expect((await open('octo:twin')).status).toBe(201);
    const second = await open('twin');
    expect([second.status, second.json.errors[0].message]).toEqual([
      422,
      'A pull request already exists for octo:twin.',
    ]);
    const listed = await room.ask('GET', `${repo}/pulls?head=octo:twin&state=open`);
    expect(listed.json).toHaveLength(1);
    expect((await room.ask('GET', `${repo}/pulls?head=octo:other`)).json).toHaveLength(0);
  });

  test('files and diff are what git itself says', async () => {
    await room.commit('diffed', { 'src/slugify.ts': 'all new\n', 'src/other.ts': null, 'new/file.txt': 'a\nb' });
    const { number } = (await open('diffed')).json;
    const git = (...args: string[]) =>
      execFileSync('git', ['--git-dir', room.github.gitDir('octo', 'slug'), ...args], { encoding: 'utf8' });
    const diff = await room.ask('GET', `${repo}/pulls/${number}`, { accept: 'application/vnd.github.diff' });
    expect(diff.text).toBe(git('diff', 'main...diffed'));
    const files = (await room.ask('GET', `${repo}/pulls/${number}/files`)).json;
    expect(files.map(({ filename, status }: Record<string, string>) => `${status} ${filename}`)).toEqual([
      'added new/file.txt',
      'removed src/other.ts',
      'modified src/slugify.ts',
    ]);
    expect(files[0].patch).toBe('@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file');
    expect(await pull(number)).toMatchObject({
      changed_files: 3,
      additions: 3,
      deletions: 41,
      commits: 1,
      mergeable: true,
    });
  });

  test('a conflict is seen, and is a 405 when it is merged all the same', async () => {
    await room.commit('conflicting', { 'README.md': 'theirs\n' });
    const { number } = (await open('conflicting')).json;
    expect(await pull(number)).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
    await room.commit('main', { 'README.md': 'ours\n' });
    // GitHub has nothing to tell until it was asked once since the push.
    expect(await pull(number)).toMatchObject({ mergeable: null, mergeable_state: 'unknown', merge_commit_sha: null });
    expect(await pull(number)).toMatchObject({ mergeable: false, mergeable_state: 'dirty', merge_commit_sha: null });
    for (const merge_method of ['merge', 'squash', 'rebase']) {
      const refused = await room.ask('PUT', `${repo}/pulls/${number}/merge`, { body: { merge_method } });
      expect(refused.status).toBe(405);
    }
  });

  test.each(['merge', 'squash', 'rebase'] as const)(
    '%s lands the change and closes the issue it names',
    async (method) => {
      const issue = await newIssue();
      const name = `by-${method}`;
      await room.commit(name, { [`${method}.txt`]: 'one\n' });
      await room.commit(name, { [`${method}.txt`]: 'two\n' });
      const { number } = (await open(name, { body: `Closes #${issue}` })).json;
      const before = await room.head('main');
      const stale = await room.ask('PUT', `${repo}/pulls/${number}/merge`, { body: { sha: before } });
      expect(stale.status).toBe(409);
      const merged = await room.ask('PUT', `${repo}/pulls/${number}/merge`, { body: { merge_method: method } });
      expect(merged.json).toMatchObject({ merged: true, sha: await room.head('main') });
      const commit = (await room.ask('GET', `${repo}/git/commits/${merged.json.sha}`)).json;
      expect(commit.parents).toHaveLength(method === 'merge' ? 2 : 1);
      const ahead = (await room.ask('GET', `${repo}/compare/${before}...main`)).json.ahead_by;
      expect(ahead).toBe({ merge: 3, squash: 1, rebase: 2 }[method]);
      const content = await room.ask('GET', `${repo}/contents/${method}.txt`, { accept: 'application/vnd.github.raw' });
      expect(content.text).toBe('two\n');
      expect(await issueState(issue)).toBe('closed');
      expect(await pull(number)).toMatchObject({ state: 'closed', merged: true, changed_files: 1 });
      expect((await room.ask('PUT', `${repo}/pulls/${number}/merge`, { body: {} })).status).toBe(405);
    },
  );

  test('a draft is not merged', async () => {
    await room.commit('draft', { 'draft.txt': 'x\n' });
    const { number, draft } = (await open('draft', { draft: true })).json;
    expect(draft).toBe(true);
    expect((await room.ask('PUT', `${repo}/pulls/${number}/merge`, { body: {} })).status).toBe(405);
  });

  test('a pull request follows its branch: new commits, update from the base, the end of the branch', async () => {
    await room.commit('followed', { 'followed.txt': '1\n' });
    const { number } = (await open('followed')).json;
    const next = await room.commit('followed', { 'followed.txt': '2\n' });
    expect((await pull(number)).head.sha).toBe(next);
    await room.commit('main', { 'elsewhere.txt': 'x\n' });
    expect((await pull(number)).base.sha).toBe(await room.head('main'));
    const update = (expected_head_sha: string) =>
      room.ask('PUT', `${repo}/pulls/${number}/update-branch`, { body: { expected_head_sha } });
    expect((await update('0'.repeat(40))).status).toBe(422);
    expect((await update(next)).status).toBe(202);
    expect((await pull(number)).commits).toBe(3);
    await room.ask('DELETE', `${repo}/git/refs/heads/followed`);
    expect(await pull(number)).toMatchObject({ state: 'closed', merged: false });
    expect((await room.ask('PATCH', `${repo}/pulls/${number}`, { body: { state: 'open' } })).status).toBe(422);
  });

  test('a head that reaches the base by another way counts as merged', async () => {
    const sha = await room.commit('pushed-in', { 'pushed.txt': '1\n' });
    const { number } = (await open('pushed-in')).json;
    await room.ask('PATCH', `${repo}/git/refs/heads/main`, { body: { sha } });
    expect(await pull(number)).toMatchObject({ state: 'closed', merged: true });
  });

  test('issues and pull requests share their numbers, and a pull request is an issue too', async () => {
    await room.commit('numbered', { 'numbered.txt': '1\n' });
    const issue = await newIssue();
    const { number } = (await open('numbered')).json;
    expect(number).toBe(issue + 1);
    const as = (await room.ask('GET', `${repo}/issues/${number}`)).json;
    expect(as.pull_request.url).toContain(`/pulls/${number}`);
    expect((await room.ask('GET', `${repo}/pulls/${issue}`)).status).toBe(404);
    expect((await room.ask('POST', `${repo}/issues/${number}/comments`, { body: { body: 'hi' } })).status).toBe(201);
    expect((await pull(number)).comments).toBe(1);
  });

  test('lists are paged with links to the next and the last page', async () => {
    const token = room.tokens.octo;
    for (let index = 0; index < 5; index++) await newIssue();
    const first = await room.ask('GET', `${repo}/issues?state=all&per_page=2`, { token });
    expect(first.json).toHaveLength(2);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect(next).toContain('page=2');
    const last = Number(/[?&]page=(\d+)[^>]*>; rel="last"/.exec(first.headers.get('link') ?? '')?.[1]);
    const end = await room.ask('GET', `${repo}/issues?state=all&per_page=2&page=${last}`, { token });
    expect(end.json.length).toBeGreaterThan(0);
    expect(end.headers.get('link')).not.toContain('rel="next"');
  });
});
