import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createCertificateAuthority } from '../../../../src/adapters/egress/certificate-authority.ts';
import { createEgressProxy } from '../../../../src/adapters/egress/egress-proxy.ts';
import { pinNames } from '../../../../src/adapters/egress/pinned-names.ts';
import { openUpstream } from '../../../../src/adapters/egress/upstream.ts';
import {
  type FakeInternet,
  fakeInternet,
  type Records,
  type Site,
  saying,
  somewhere,
} from '../../../fakes/egress-world.ts';

interface ProxyRoom extends AsyncDisposable {
  readonly internet: FakeInternet;
  /** The whole answer to a GET of an address of a listed host, by HTTPS through the proxy. */
  get(
    host: string,
    path?: string,
  ): Promise<{ status: number; text: string; broken: boolean; headers: IncomingMessage['headers'] }>;
  /** The status of a CONNECT. */
  tunnel(authority: string): Promise<{ status: number | undefined; socket: Socket }>;
}

async function proxyRoom(sites: Readonly<Record<string, Site>>, records: Records = {}): Promise<ProxyRoom> {
  const internet = await fakeInternet(sites, records);
  const { resolve, dial, trusted } = internet.world;
  const authority = createCertificateAuthority(Date.now());
  const upstream = openUpstream({ names: pinNames(resolve), dial, trusted });
  const proxy = createEgressProxy({ hosts: Object.keys({ ...sites, ...records }), authority, upstream });
  const door = createServer((socket) => proxy.accept(socket));
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const { port } = door.address() as AddressInfo;
  const tunnel: ProxyRoom['tunnel'] = async (authorityText) => {
    const asking = request({ host: '127.0.0.1', port, method: 'CONNECT', path: authorityText });
    asking.end();
    const [answer, socket] = await once(asking, 'connect');
    return { status: answer.statusCode, socket };
  };
  return {
    internet,
    tunnel,
    async get(host, path = '/') {
      const { socket } = await tunnel(`${host}:443`);
      const tls = connectTls({ socket, servername: host, ca: authority.certificate });
      await once(tls, 'secureConnect');
      const asking = request({ createConnection: () => tls, host, path, headers: { host, connection: 'close' } });
      asking.end();
      const [answer] = (await once(asking, 'response')) as [IncomingMessage];
      let text = '';
      let broken = false;
      answer.on('data', (chunk) => (text += chunk)).on('error', () => (broken = true));
      await new Promise((resolve) => answer.once('close', resolve));
      return { status: answer.statusCode ?? 0, text, broken, headers: answer.headers };
    },
    async [Symbol.asyncDispose]() {
      proxy.close();
      door.close();
      await internet[Symbol.asyncDispose]();
    },
  };
}

describe('the proxy', () => {
  it('hands on an answer with its headers, but for those of one connection and what would mark who comes back', async () => {
    await using room = await proxyRoom({
      'a.example': (_, answer) => {
        answer.writeHead(206, { etag: '"1"', 'set-cookie': 'id=1', 'alt-svc': 'h3=":443"', 'x-two': ['a', 'b'] });
        answer.end('part');
      },
    });
    const { status, text, headers } = await room.get('a.example');
    expect([status, text, headers.etag, headers['x-two']]).toEqual([206, 'part', '"1"', 'a, b']);
    expect([headers['set-cookie'], headers['alt-svc']]).toEqual([undefined, undefined]);
  });

  it('breaks off an answer that the host breaks off, and stays', async () => {
    await using room = await proxyRoom({
      'a.example': ({ path }, answer) => {
        if (path !== '/broken') return void answer.end('whole');
        answer.writeHead(200, { 'content-length': '1000' }).write('half');
        setTimeout(() => answer.destroy(), 20);
      },
    });
    expect(await room.get('a.example', '/broken')).toMatchObject({ status: 200, text: 'half', broken: true });
    expect(await room.get('a.example', '/')).toMatchObject({ status: 200, text: 'whole', broken: false });
  });

  it('says why a listed host was not asked', async () => {
    await using room = await proxyRoom(
      { 'a.example': saying('a') },
      { 'gone.example': [[]], 'inner.example': [['10.0.0.1']] },
    );
    expect(await room.get('gone.example')).toMatchObject({
      status: 403,
      text: expect.stringContaining('it has no address'),
    });
    expect(await room.get('inner.example')).toMatchObject({
      status: 403,
      text: expect.stringContaining('inner.example: it leads to 10.0.0.1 (private)'),
    });
  });

  it('takes the next public address when one does not answer', async () => {
    await using room = await proxyRoom({ 'a.example': saying('a') });
    const { dial, trusted } = room.internet.world;
    const tried: string[] = [];
    const upstream = openUpstream({
      names: pinNames(async () => ['203.0.113.1', somewhere]),
      dial: (address, port) => {
        tried.push(address);
        return address === somewhere ? dial(address, port) : connect({ host: '127.0.0.1', port: 1 });
      },
      trusted,
    });
    const asked = { host: 'a.example', port: 443, method: 'GET', path: '/', headers: {}, body: undefined };
    const answer = await upstream.ask(asked, AbortSignal.timeout(5000));
    expect([answer.statusCode, ...tried]).toEqual([200, '203.0.113.1', somewhere]);
    answer.resume();
    upstream.close();
  });

  it('takes no certificate that the machine does not trust, nor one of another name', async () => {
    await using stranger = await fakeInternet({ 'a.example': saying('not me') });
    await using room = await proxyRoom({ 'a.example': saying('me') });
    const upstream = openUpstream({
      names: pinNames(async () => [somewhere]),
      dial: stranger.world.dial,
      trusted: room.internet.world.trusted,
    });
    const asked = { host: 'a.example', port: 443, method: 'GET', path: '/', headers: {}, body: undefined };
    await expect(upstream.ask(asked, AbortSignal.timeout(5000))).rejects.toThrow(/certificate/);
    expect(stranger.visits).toEqual([]);
    upstream.close();
  });

  it('ends many tunnels at once when it is closed', async () => {
    const room = await proxyRoom({ 'a.example': saying('a') });
    const tunnels = await Promise.all(Array.from({ length: 20 }, () => room.tunnel('a.example:443')));
    expect(tunnels.every(({ status }) => status === 200)).toBe(true);
    const closed = tunnels.map(({ socket }) => once(socket.resume(), 'close'));
    await room[Symbol.asyncDispose]();
    await Promise.all(closed);
  });
});
