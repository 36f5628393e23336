import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appJwt } from '../../../fakes/app-jwt.ts';
import { type GitHubRoom, gitHubRoom } from '../../../fakes/embedded-github-room.ts';

const repo = '/repos/octo/slug';

describe('events', () => {
  let room: GitHubRoom;
  beforeEach(async () => {
    room = await gitHubRoom();
  });
  afterEach(() => room[Symbol.asyncDispose]());

  const heard = () => room.events.map(({ name, payload }) => [name, payload['action']].filter(Boolean).join('.'));

  test("people's deeds start workflows; what a job's token does starts none", async () => {
    const job = room.job({ issues: 'write', contents: 'write', 'pull-requests': 'write' });
    await room.ask('POST', `${repo}/issues`, { body: { title: 'One', labels: ['bug'] } });
    await room.ask('POST', `${repo}/issues/1/comments`, { body: { body: '/agent fix' } });
    expect(heard()).toEqual(['issues.opened', 'issues.labeled', 'issue_comment.created']);
    const told = room.events[2];
    expect(told?.payload).toMatchObject({
      action: 'created',
      comment: { body: '/agent fix', user: { login: 'alice' } },
      issue: { number: 1, labels: [{ name: 'bug' }] },
      repository: { full_name: 'octo/slug', default_branch: 'main' },
      sender: { login: 'alice', type: 'User' },
    });
    expect(told?.deliveryId).toMatch(/^[0-9a-f-]{36}$/);

    room.events.length = 0;
    await room.ask('POST', `${repo}/issues/1/comments`, { token: job, body: { body: '/agent fix' } });
    await room.ask('POST', `${repo}/git/refs`, {
      token: job,
      body: { ref: 'refs/heads/x', sha: await room.head('main') },
    });
    await room.ask('PATCH', `${repo}/issues/1`, { token: job, body: { state: 'closed' } });
    expect(heard()).toEqual([]);
  });

  test('the two dispatches start workflows, whoever makes them', async () => {
    const token = room.job({ actions: 'write', contents: 'write' });
    const body = { ref: 'main', inputs: { issue: '1' } };
    const at = `${repo}/actions/workflows/agent.yml/dispatches`;
    expect((await room.ask('POST', at, { token, body })).status).toBe(204);
    await room.ask('POST', `${repo}/dispatches`, { token, body: { event_type: 'go', client_payload: { a: 1 } } });
    expect(heard().filter((name) => name.includes('dispatch'))).toEqual([
      'workflow_dispatch',
      'repository_dispatch.go',
    ]);
    expect(room.events[0]?.payload).toMatchObject({
      inputs: { issue: '1', command: 'fix' },
      ref: 'refs/heads/main',
      workflow: '.github/workflows/agent.yml',
    });
    const untriggered = await room.ask('POST', `${repo}/actions/workflows/ci.yml/dispatches`, { token, body });
    expect([untriggered.status, untriggered.json.message]).toEqual([
      422,
      "Workflow does not have 'workflow_dispatch' trigger",
    ]);
    expect((await room.ask('POST', `${repo}/actions/workflows/no.yml/dispatches`, { token, body })).status).toBe(404);
    const many = Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`i${index}`, 'x']));
    expect((await room.ask('POST', at, { token, body: { ref: 'main', inputs: many } })).status).toBe(422);
  });

  test("an App's token does start workflows, and the event names the installation", async () => {
    const jwt = appJwt(77, room.appKey, room.clock.now());
    const { token } = (await room.ask('POST', '/app/installations/123/access_tokens', { token: jwt, body: {} })).json;
    await room.ask('POST', `${repo}/issues`, { token, body: { title: 'By an App' } });
    expect(room.events[0]?.payload).toMatchObject({ sender: { login: 'entropy[bot]' }, installation: { id: 123 } });
  });

  test('a listener that was taken off hears nothing more', async () => {
    const names: string[] = [];
    const stop = room.github.onEvent(({ name }) => names.push(name));
    await room.ask('POST', `${repo}/issues`, { body: { title: 'One' } });
    stop();
    await room.ask('POST', `${repo}/issues`, { body: { title: 'Two' } });
    expect(names).toEqual(['issues']);
  });

  test('hooks get everything, signed; a redelivery keeps its id', async () => {
    const received: { readonly headers: NodeJS.Dict<string | string[]>; readonly body: string }[] = [];
    const arrival = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    await using receiver = await listen((headers, body) => {
      received.push({ headers, body });
      if (received.length === 1) arrival.resolve();
      else second.resolve();
    });
    const token = room.tokens.octo;
    const config = { url: receiver.url, content_type: 'json', secret: 'open sesame' };
    const hook = (await room.ask('POST', `${repo}/hooks`, { token, body: { config, events: ['issues'] } })).json;
    expect(JSON.stringify(hook)).not.toContain('open sesame');
    await room.ask('POST', `${repo}/issues`, { token: room.job({ issues: 'write' }), body: { title: 'By a job' } });
    await arrival.promise;
    const [first] = received;
    const signature = createHmac('sha256', 'open sesame')
      .update(first?.body ?? '')
      .digest('hex');
    expect(first?.headers).toMatchObject({ 'x-github-event': 'issues', 'x-hub-signature-256': `sha256=${signature}` });

    const at = `${repo}/hooks/${hook.id}/deliveries`;
    await expect.poll(async () => (await room.ask('GET', at, { token })).json.length).toBe(1);
    const [delivery] = (await room.ask('GET', at, { token })).json;
    expect(delivery).toMatchObject({ event: 'issues', action: 'opened', status_code: 200, redelivery: false });
    await room.ask('POST', `${at}/${delivery.id}/attempts`, { token });
    await second.promise;
    expect(received[1]?.headers['x-github-delivery']).toBe(first?.headers['x-github-delivery']);
    expect(received[1]?.body).toBe(first?.body);
  });
});

async function listen(take: (headers: NodeJS.Dict<string | string[]>, body: string) => void) {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      outgoing.end('ok');
      take(incoming.headers, Buffer.concat(chunks).toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${port}/hook`, [Symbol.asyncDispose]: close };
}
