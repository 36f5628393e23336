import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appJwt } from '../../../fakes/app-jwt.ts';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver of webhooks that answers as it is told. */
async function receiver() {
  const received: Received[] = [];
  let status = 202;
  let heard = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body });
    response.statusCode = status;
    response.end('taken');
    heard.resolve();
    heard = Promise.withResolvers();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: (code: number) => {
      status = code;
    },
    until: async (count: number) => {
      while (received.length < count) await heard.promise;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

let room: GitHubRoom;
let hook: Awaited<ReturnType<typeof receiver>>;
beforeEach(async () => {
  room = await gitHubRoom();
  hook = await receiver();
});
afterEach(async () => {
  await hook[Symbol.asyncDispose]();
  await room[Symbol.asyncDispose]();
});

const asApp = () => ({ token: appJwt(77, room.appKey, room.clock.now()) });
const configure = () =>
  room.ask('PATCH', '/app/hook/config', {
    ...asApp(),
    body: { url: hook.url, secret: 's3cret', content_type: 'json' },
  });
const open = (title: string, repository = 'octo/slug') =>
  room.ask('POST', `/repos/${repository}/issues`, { body: { title } });

/** The list as it is once so many attempts are in it. */
async function deliveries(count: number, query = '') {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const listed = await room.ask('GET', `/app/hook/deliveries${query}`, asApp());
    if (listed.json.length >= count) return listed;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`there were never ${count} deliveries`);
}

describe("an App's webhook", () => {
  test('hears of every repository where the App is installed, signed, with the installation in the payload', async () => {
    expect((await configure()).json).toEqual({
      url: hook.url,
      content_type: 'json',
      insecure_ssl: '0',
      secret: '********',
    });
    await open('One');
    await open('Two', 'octo/secret');
    await hook.until(2);
    for (const { headers, body } of hook.received) {
      const signature = createHmac('sha256', 's3cret').update(body).digest('hex');
      expect(headers['x-hub-signature-256']).toBe(`sha256=${signature}`);
      expect(headers).toMatchObject({
        'x-github-event': 'issues',
        'x-github-hook-installation-target-type': 'integration',
        'x-github-hook-installation-target-id': '77',
      });
      expect(JSON.parse(body)).toMatchObject({ action: 'opened', installation: { id: 123 } });
    }
  });

  test('hears nothing of events that it did not ask for, nor where it is not installed', async () => {
    await configure();
    const id = room.github.installApp(77, { account: 'alice', permissions: {} });
    expect(id).not.toBe(123);
    await room.ask('POST', '/repos/octo/slug/labels', { body: { name: 'agent', color: '00ff00' } });
    await room.commit('main', { 'a.md': 'a\n' });
    await open('Heard');
    await hook.until(1);
    expect(hook.received.map(({ headers }) => headers['x-github-event'])).toEqual(['issues']);
  });

  test('tells its deliveries newest first, page by page behind a cursor, with what was sent and answered', async () => {
    await configure();
    for (const title of ['A', 'B', 'C', 'D', 'E']) await open(title);
    const all = (await deliveries(5)).json;
    const first = await deliveries(2, '?per_page=2');
    expect(first.json.map(({ id }: { id: number }) => id)).toEqual(all.slice(0, 2).map(({ id }: { id: number }) => id));
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect(new URL(next).searchParams.get('cursor')).toBe(String(all[1].id));
    // What comes meanwhile moves nothing.
    await open('F');
    await deliveries(6);
    const second = await room.ask('GET', `/app/hook/deliveries${new URL(next).search}`, asApp());
    expect(second.json.map(({ id }: { id: number }) => id)).toEqual([all[2].id, all[3].id]);
    expect((await room.ask('GET', '/app/hook/deliveries?cursor=999999', asApp())).status).toBe(422);
    const one = (await room.ask('GET', `/app/hook/deliveries/${all[0].id}`, asApp())).json;
    expect(one).toMatchObject({
      installation_id: 123,
      status_code: 202,
      request: { payload: { installation: { id: 123 } }, headers: { 'x-github-event': 'issues' } },
      response: { payload: 'taken' },
    });
  });

  test('sends one that was missed again under its old id, and lists it as a redelivery', async () => {
    await configure();
    hook.answer(503);
    await open('Missed');
    const [missed] = (await deliveries(1, '?status=failure')).json;
    expect(missed).toMatchObject({ status_code: 503, redelivery: false });
    hook.answer(202);
    expect((await room.ask('POST', `/app/hook/deliveries/${missed.id}/attempts`, asApp())).status).toBe(202);
    const [again] = (await deliveries(2)).json;
    expect(again).toMatchObject({ guid: missed.guid, redelivery: true, status_code: 202 });
    expect(again.id).not.toBe(missed.id);
    expect(hook.received.map(({ headers }) => headers['x-github-delivery'])).toEqual([missed.guid, missed.guid]);
  });

  test("is the App's own business: a person or an installation may not look", async () => {
    expect((await room.ask('GET', '/app/hook/deliveries')).status).toBe(401);
    const { token } = (await room.ask('POST', '/app/installations/123/access_tokens', { ...asApp(), body: {} })).json;
    expect((await room.ask('GET', '/app/hook/config', { token })).status).toBe(401);
  });
});

describe('an App that is registered from a manifest', () => {
  const manifest = {
    name: 'Entropy for octo',
    url: 'https://example.com',
    redirect_url: 'http://127.0.0.1:1/back?keep=1',
    hook_attributes: { url: 'https://example.com/webhooks' },
    default_events: ['issues', 'issue_comment'],
    default_permissions: { issues: 'write', contents: 'write' },
  };
  const post = (text: string, path = '/organizations/octo/settings/apps/new?state=st') =>
    fetch(`${room.github.url}${path}`, {
      method: 'POST',
      body: new URLSearchParams({ manifest: text }),
      redirect: 'manual',
    });

  test('sends the person back with code and state, and the code gives key and secrets, once', async () => {
    const answered = await post(JSON.stringify(manifest));
    expect(answered.status).toBe(302);
    const back = new URL(answered.headers.get('location') ?? '');
    expect([back.searchParams.get('state'), back.searchParams.get('keep')]).toEqual(['st', '1']);
    const path = `/app-manifests/${back.searchParams.get('code')}/conversions`;
    const made = await room.ask('POST', path, { token: '' });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      slug: 'entropy-for-octo',
      owner: { login: 'octo' },
      permissions: { issues: 'write', contents: 'write' },
      events: ['issues', 'issue_comment'],
      webhook_secret: expect.stringMatching(/^[0-9a-f]{40}$/),
      pem: expect.stringContaining('BEGIN RSA PRIVATE KEY'),
    });
    expect((await room.ask('POST', path, { token: '' })).status).toBe(404);

    const token = appJwt(made.json.id, made.json.pem, room.clock.now());
    expect((await room.ask('GET', '/app/installations', { token })).json).toEqual([]);
    const id = room.github.installApp(made.json.id, { account: 'octo', permissions: made.json.permissions });
    expect((await room.ask('GET', '/app/installations', { token })).json).toMatchObject([{ id, app_id: made.json.id }]);
    expect((await room.ask('GET', '/app/hook/config', { token })).json.url).toBe('https://example.com/webhooks');
  });

  test('gives no key to who comes an hour late', async () => {
    const answered = await post(JSON.stringify(manifest), '/settings/apps/new');
    const code = new URL(answered.headers.get('location') ?? '').searchParams.get('code');
    room.clock.advance(3_600_001);
    expect((await room.ask('POST', `/app-manifests/${code}/conversions`, { token: '' })).status).toBe(404);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no redirect', JSON.stringify({ ...manifest, redirect_url: undefined })],
    ['a redirect that is no address', JSON.stringify({ ...manifest, redirect_url: 'javascript:alert(1)' })],
    ['a name that is too long', JSON.stringify({ ...manifest, name: 'x'.repeat(35) })],
  ])('is refused with %s in the form', async (_what, text) => {
    expect((await post(text)).status).toBe(422);
  });
});

describe('workflow_dispatch', () => {
  const at = '/repos/octo/slug/actions/workflows/agent.yml';
  const dispatch = (body: object) => room.ask('POST', `${at}/dispatches`, { body: { ref: 'main', ...body } });

  test('tells the run that it started when it is asked to, titled by run-name, queued until a runner takes it', async () => {
    const told = await dispatch({ inputs: { issue: '7' }, return_run_details: true });
    expect(told.status).toBe(200);
    const { workflow_run_id: id, run_url } = told.json;
    expect(run_url).toBe(`${room.github.apiUrl}/repos/octo/slug/actions/runs/${id}`);
    const run = (await room.ask('GET', `/repos/octo/slug/actions/runs/${id}`)).json;
    expect(run).toMatchObject({ event: 'workflow_dispatch', status: 'queued', display_title: 'agent on #7' });
    expect(room.events.find(({ name }) => name === 'workflow_dispatch')?.runId).toBe(id);
    const quiet = await dispatch({ inputs: { issue: '8' } });
    expect([quiet.status, quiet.text]).toEqual([204, '']);
  });

  test('is listed by event and by when it was made', async () => {
    await dispatch({ inputs: { issue: '7' } });
    const now = new Date(room.clock.now()).toISOString().slice(0, 19);
    const list = async (query: string) => (await room.ask('GET', `${at}/runs?${query}`)).json.total_count;
    expect(await list(`event=workflow_dispatch&created=>=${now}Z`)).toBe(1);
    expect(await list('event=issues')).toBe(0);
    expect(await list(`created=*..${now.slice(0, 10)}`)).toBe(1);
    expect(await list('created=<2020-01-01')).toBe(0);
    expect((await room.ask('GET', `${at}/runs?created=soon`)).status).toBe(422);
    expect((await room.ask('GET', '/repos/octo/slug/actions/workflows/ci.yml/runs')).json.total_count).toBe(0);
  });

  test.each([
    [{}, "Required input 'issue' not provided"],
    [{ inputs: { issue: '1', color: 'red' } }, 'Unexpected inputs provided: ["color"]'],
  ])('refuses the inputs of %j', async (body, message) => {
    const answer = await dispatch(body);
    expect([answer.status, answer.json.message]).toEqual([422, message]);
  });

  test('ends at once when it is cancelled before a runner took it', async () => {
    const { workflow_run_id: id } = (await dispatch({ inputs: { issue: '7' }, return_run_details: true })).json;
    expect((await room.ask('POST', `/repos/octo/slug/actions/runs/${id}/cancel`)).status).toBe(202);
    const run = (await room.ask('GET', `/repos/octo/slug/actions/runs/${id}`)).json;
    expect(run).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
  });
});
