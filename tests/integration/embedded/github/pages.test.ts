import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

const repo = '/repos/octo/slug';
const hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';

describe('pages for people', () => {
  let room: GitHubRoom;
  let pull: number;
  let run: number;
  const look = async (path: string) => {
    const response = await fetch(`${room.github.url}${path}`, { redirect: 'manual' });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  beforeAll(async () => {
    room = await gitHubRoom();
    const body = `- [x] read\n- [ ] write\n\n${hostile}\n\n[run](javascript:alert(1)) and [log](https://example.test/log)`;
    await room.ask('POST', `${repo}/issues`, { body: { title: `One ${hostile}`, body } });
    await room.ask('POST', `${repo}/issues/1/comments`, { body: { body: `/agent fix\n\n\`${hostile}\`` } });
    await room.commit('feature', { [`src/${'<b>'}.ts`]: `${hostile}\n`, 'src/slugify.ts': 'short\n' });
    const made = await room.ask('POST', `${repo}/pulls`, {
      body: { title: hostile, body: 'Closes #1', head: 'feature', base: 'main' },
    });
    pull = made.json.number;
    const repository = { owner: 'octo', name: 'slug' };
    const rest = { name: 'agent', event: 'push', title: hostile, headBranch: 'main', headSha: await room.head('main') };
    run = room.github.runs.create({ repository, workflowPath: 'a.yml', ...rest, actor: 'alice' }).id;
    room.github.runs.setLog(run, `log ${hostile}`);
    room.github.runs.update(run, { summary: `### done\n\n${hostile}` });
  });
  afterAll(() => room[Symbol.asyncDispose]());

  test('every page shows what others wrote as text, and allows no script', async () => {
    const paths = [
      '/',
      '/octo/slug',
      '/octo/slug/issues',
      '/octo/slug/issues/1',
      '/octo/slug/pulls',
      `/octo/slug/pull/${pull}`,
    ];
    paths.push(
      '/octo/slug/actions',
      `/octo/slug/actions/runs/${run}`,
      '/octo/slug/tree/feature/src',
      '/octo/slug/blob/feature/src/%3Cb%3E.ts',
    );
    paths.push(`/octo/slug/commit/${await room.head('feature')}`);
    for (const path of paths) {
      const page = await look(path);
      expect([path, page.status]).toEqual([path, 200]);
      expect([path, /<script|<img src=x|<b>\.ts|href="javascript/i.exec(page.text)]).toEqual([path, null]);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  test('an issue shows its talk, its check-boxes and the pull request that closes it', async () => {
    const { text } = await look('/octo/slug/issues/1');
    expect(text).toContain('<span class="tick done">✓</span>read');
    expect(text).toContain('/agent fix');
    expect(text).toContain(`/octo/slug/pull/${pull}`);
    expect(text).toContain('<a href="https://example.test/log" rel="nofollow noreferrer">log</a>');
  });

  test('a pull request shows its diff in colours and its standing', async () => {
    const { text } = await look(`/octo/slug/pull/${pull}`);
    expect(text).toContain('<tr class="add">');
    expect(text).toContain('<tr class="del">');
    expect(text).toContain('it can be merged');
    expect((await look(`/octo/slug/pull/${pull}.diff`)).text).toMatch(/^diff --git /);
  });

  test('raw files come as text that no browser takes for a page', async () => {
    const raw = await look('/octo/slug/raw/main/README.md');
    expect(raw.text).toBe('# slug\n\nReadable slugs.\n');
    expect(raw.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(raw.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('addresses lead on: an issue that is a pull request, a page that is not there, GraphQL', async () => {
    expect((await look(`/octo/slug/issues/${pull}`)).headers.get('location')).toBe(`/octo/slug/pull/${pull}`);
    for (const path of ['/octo/none', '/octo/slug/issues/99', '/octo/slug/blob/main/none'])
      expect((await look(path)).status).toBe(404);
    expect((await fetch(room.github.graphqlUrl, { method: 'POST' })).status).toBe(401);
  });

  test('a foreign name for this machine is refused: a page on the internet must not read it', async () => {
    const { port } = new URL(room.github.url);
    const status = (host: string) =>
      new Promise((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path: '/', headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.on('error', reject).end();
      });
    expect(await status('evil.example.test')).toBe(421);
    expect(await status(`127.0.0.1:${port}`)).toBe(200);
  });
});
