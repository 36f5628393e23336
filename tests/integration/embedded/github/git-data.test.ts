import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

const repo = '/repos/octo/slug';

describe('git data over the API', () => {
  let room: GitHubRoom;
  let main: string;
  let tree: string;
  beforeAll(async () => {
    room = await gitHubRoom();
    main = await room.head('main');
    tree = (await room.ask('GET', `${repo}/git/commits/${main}`)).json.tree.sha;
  });
  afterAll(() => room[Symbol.asyncDispose]());

  const commitOn = async (parent: string, message: string) =>
    (await room.ask('POST', `${repo}/git/commits`, { body: { message, tree, parents: [parent] } })).json.sha;
  const createRef = (ref: string, sha: string) => room.ask('POST', `${repo}/git/refs`, { body: { ref, sha } });
  const moveRef = (ref: string, sha: string, force = false) =>
    room.ask('PATCH', `${repo}/git/refs/${ref}`, { body: { sha, force } });

  test('a ref is created once; the second time is a 422', async () => {
    expect((await createRef('refs/heads/once', main)).status).toBe(201);
    const second = await createRef('refs/heads/once', main);
    expect([second.status, second.json.message]).toEqual([422, 'Reference already exists']);
  });

  test('refs outside of heads and tags are kept and found by their prefix', async () => {
    await createRef('refs/agents/claims/7', main);
    await createRef('refs/agents/claims/70', main);
    for (const prefix of ['agents/claims/7', 'agents%2Fclaims%2F7']) {
      const found = await room.ask('GET', `${repo}/git/matching-refs/${prefix}`);
      expect(found.json.map(({ ref }: { ref: string }) => ref)).toEqual([
        'refs/agents/claims/7',
        'refs/agents/claims/70',
      ]);
    }
    expect((await room.ask('GET', `${repo}/git/ref/agents/claims/8`)).status).toBe(404);
  });

  test.each([
    ['main', 'a name without refs/'],
    ['refs/main', 'a name with one slash'],
    ['refs/heads/a..b', 'two dots'],
    ['refs/heads/-x y', 'a space'],
    ['refs/pull/1/head', "GitHub's own refs"],
  ])('%s is refused as a ref: %s', async (ref) => {
    expect((await createRef(ref, main)).status).toBe(422);
  });

  test('a ref moves forward only, unless it is forced', async () => {
    const [left, right] = [await commitOn(main, 'left'), await commitOn(main, 'right')];
    await createRef('refs/heads/forward', main);
    expect((await moveRef('heads/forward', left)).status).toBe(200);
    const aside = await moveRef('heads/forward', right);
    expect([aside.status, aside.json.message]).toEqual([422, 'Update is not a fast forward']);
    expect((await moveRef('heads/forward', right, true)).json.object.sha).toBe(right);
    const missing = await moveRef('heads/nowhere', left);
    expect([missing.status, missing.json.message]).toEqual([422, 'Reference does not exist']);
    expect((await moveRef('heads/forward', 'f'.repeat(40))).json.message).toBe('Object does not exist');
  });

  test('of ten rivals with one parent exactly one moves the ref, and of ten that create it one does', async () => {
    const rivals = await Promise.all(Array.from({ length: 10 }, (_, index) => commitOn(main, `rival ${index}`)));
    const created = await Promise.all(rivals.map((sha) => createRef('refs/agents/race', sha)));
    expect(created.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(422)]);
    await createRef('refs/heads/race', main);
    const moved = await Promise.all(rivals.map((sha) => moveRef('heads/race', sha)));
    expect(moved.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(422)]);
    expect(rivals).toContain(await room.head('race'));
  });

  test('a tree is laid over its base: added, changed, executable, deleted, file to folder', async () => {
    const entries = [
      { path: 'src/deep/er/new.ts', mode: '100644', type: 'blob', content: 'new\n' },
      { path: 'run.sh', mode: '100755', type: 'blob', content: '#!/bin/sh\n' },
      { path: 'README.md/now/a/folder.md', mode: '100644', type: 'blob', content: 'x\n' },
      { path: 'src/other.ts', mode: '100644', type: 'blob', sha: null },
      { path: '.github', mode: '040000', type: 'tree', sha: null },
    ];
    const written = await room.ask('POST', `${repo}/git/trees`, { body: { base_tree: tree, tree: entries } });
    expect(written.status).toBe(201);
    const all = await room.ask('GET', `${repo}/git/trees/${written.json.sha}?recursive=1`);
    const files = all.json.tree.filter(({ type }: { type: string }) => type === 'blob');
    expect(files.map(({ path, mode }: { path: string; mode: string }) => `${mode} ${path}`)).toEqual([
      '100644 README.md/now/a/folder.md',
      '100755 run.sh',
      '100644 src/deep/er/new.ts',
      '100644 src/slugify.ts',
    ]);
  });

  test('a tree without a base holds what was given and nothing else', async () => {
    const entries = [{ path: 'only.txt', mode: '100644', type: 'blob', content: '' }];
    const written = await room.ask('POST', `${repo}/git/trees`, { body: { tree: entries } });
    expect(written.json.tree.map(({ path, size }: { path: string; size: number }) => [path, size])).toEqual([
      ['only.txt', 0],
    ]);
  });

  test.each([
    [{ path: '../x', mode: '100644', content: 'x' }, 'malformed path'],
    [{ path: 'a/.GIT/config', mode: '100644', content: 'x' }, 'malformed path'],
    [{ path: '/abs', mode: '100644', content: 'x' }, 'malformed path'],
    [{ path: 'x', mode: '100666', content: 'x' }, 'one of'],
    [{ path: 'x', mode: '100644', type: 'tree', content: 'x' }, 'does not fit'],
    [{ path: 'x', mode: '100644' }, 'Must supply'],
    [{ path: 'x', mode: '100644', sha: 'f'.repeat(40) }, 'not a valid blob'],
    [{ path: 'not/there', mode: '100644', sha: null }, 'BadObjectState'],
  ])('the tree entry %j is a 422', async (entry, message) => {
    const answer = await room.ask('POST', `${repo}/git/trees`, { body: { base_tree: tree, tree: [entry] } });
    expect(answer.status).toBe(422);
    expect(answer.json.message).toContain(message);
  });

  test('bytes survive a blob unchanged', async () => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7) % 256));
    const body = { content: bytes.toString('base64'), encoding: 'base64' };
    const { sha } = (await room.ask('POST', `${repo}/git/blobs`, { body })).json;
    const { content } = (await room.ask('GET', `${repo}/git/blobs/${sha}`)).json;
    expect(Buffer.from(content, 'base64').equals(bytes)).toBe(true);
    const bad = { content: 'no base64!', encoding: 'base64' };
    expect((await room.ask('POST', `${repo}/git/blobs`, { body: bad })).status).toBe(422);
  });

  test('a commit by a job is by the bot of the job, at the time of the clock', async () => {
    const body = { message: 'By a job', tree, parents: [main] };
    const answer = await room.ask('POST', `${repo}/git/commits`, { token: room.job({ contents: 'write' }), body });
    const email = '41898282+github-actions[bot]@users.noreply.github.com';
    expect(answer.json.author).toEqual({ name: 'github-actions[bot]', email, date: '2026-11-02T12:00:00Z' });
    expect(answer.json.verification.verified).toBe(false);
  });

  test('PUT contents takes the blob it replaces, and a stale one is a 409', async () => {
    await createRef('refs/heads/contents', main);
    const there = (await room.ask('GET', `${repo}/contents/README.md?ref=contents`)).json;
    const put = (sha: string | undefined) =>
      room.ask('PUT', `${repo}/contents/README.md`, {
        body: { message: 'm', content: 'aGk=', branch: 'contents', sha },
      });
    expect((await put(undefined)).status).toBe(422);
    expect((await put(there.sha)).status).toBe(200);
    expect((await put(there.sha)).status).toBe(409);
  });

  test('contents are served as they are: raw, as a folder, and not at all where there is nothing', async () => {
    const raw = await room.ask('GET', `${repo}/contents/README.md`, { accept: 'application/vnd.github.raw+json' });
    expect(raw.text).toBe('# slug\n\nReadable slugs.\n');
    const folder = await room.ask('GET', `${repo}/contents/src`);
    expect(folder.json.map(({ name }: { name: string }) => name)).toEqual(['other.ts', 'slugify.ts']);
    for (const root of ['contents', 'contents/']) {
      const names = (await room.ask('GET', `${repo}/${root}`)).json.map(({ name }: { name: string }) => name);
      expect(names).toEqual(['.github', 'README.md', 'src']);
    }
    expect((await room.ask('GET', `${repo}/contents/nowhere`)).status).toBe(404);
    expect((await room.ask('GET', `${repo}/contents/README.md?ref=nowhere`)).status).toBe(404);
  });

  test('compare tells files with their patches, renames included', async () => {
    const { text } = await room.ask('GET', `${repo}/contents/src/slugify.ts`, { accept: 'application/vnd.github.raw' });
    await room.commit('renaming', { 'src/slugify.ts': null, 'src/renamed.ts': `${text}// end\n`, 'a "b".txt': 'x\n' });
    const { json } = await room.ask('GET', `${repo}/compare/main...renaming`);
    expect([json.status, json.ahead_by, json.behind_by]).toEqual(['ahead', 1, 0]);
    expect(
      json.files.map((file: Record<string, unknown>) => [file['filename'], file['status'], file['previous_filename']]),
    ).toEqual([
      ['a "b".txt', 'added', undefined],
      ['src/renamed.ts', 'renamed', 'src/slugify.ts'],
    ]);
    expect(json.files[1].patch).toMatch(/^@@ .*\n[\s\S]*\+\/\/ end$/);
  });
});
