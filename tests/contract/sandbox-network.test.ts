import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import { plantedCanary } from '../../src/adapters/linux-namespaces/planted-canary.ts';
import { enterSandbox } from '../../src/adapters/linux-namespaces/standing-sandbox.ts';
import { unshareSandbox } from '../../src/adapters/linux-namespaces/unshare.ts';
import { openSandbox } from '../../src/flows/open-sandbox.ts';
import { setUpWorkspace } from '../../src/flows/set-up-workspace.ts';
import { defaultSandboxLimits } from '../../src/ports/sandbox.ts';
import { type ListeningMachine, listeningMachine } from '../attack/catalogue/exfiltration/listening-machine.ts';
import { type FakeInternet, fakeInternet, saying } from '../fakes/egress-world.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { never, openRoom, type SandboxRoom, said, shell } from '../fakes/sandbox-room.ts';

const large = randomBytes(3 * 1024 * 1024);
const sites = {
  'packages.example': saying('package'),
  'files.example': (_: unknown, answer: import('node:http').ServerResponse) => void answer.end(large),
};
const fetching = (url: string): string =>
  `node -e "fetch('${url}').then(async (r) => console.log(r.status, await r.text()), (e) => { console.log(String(e.cause ?? e)); process.exitCode = 1; })"`;

const machine = { workspace: '', limits: defaultSandboxLimits, env: {}, hostPath: process.env['PATH'] ?? '' };

/** The network of a rung: what is listed and nothing else, the same on each that has one. */
for (const open of [bubblewrapSandbox, unshareSandbox]) {
  const probed = await open().probe(AbortSignal.timeout(10_000));
  describe.runIf(probed.kind === 'available')(`the network of the rung ${open().rung}`, () => {
    let internet: FakeInternet;
    let neighbour: ListeningMachine;
    let room: SandboxRoom;
    const network = () => ({ kind: 'allowed', hosts: Object.keys(sites), services: [neighbour.port] }) as const;

    beforeAll(async () => {
      internet = await fakeInternet(sites);
      neighbour = await listeningMachine();
      room = await openRoom(open(internet.gate), { options: { network: network() } });
    });
    afterAll(async () => {
      await room[Symbol.asyncDispose]();
      await neighbour[Symbol.asyncDispose]();
      await internet[Symbol.asyncDispose]();
    });

    it('is told with the name of the rung', () => {
      const { rung, description } = room.sandbox;
      expect(description).toBe(`${rung}, network: packages.example, files.example; local ports: ${neighbour.port}`);
    });

    it('is found by a program that knows nothing of it, which trusts it for TLS', async () => {
      expect(await room.sh(fetching('https://packages.example/'))).toMatchObject({ stdout: '200 package\n' });
      expect((await room.sh(fetching('https://other.example/'))).exitCode).toBe(1);
      const report = await room.sandbox.egress?.();
      expect(report?.read).toEqual({ 'packages.example': 1 });
      expect(report?.refused).toMatchObject([{ target: 'other.example:443', times: 1 }]);
    });

    it('brings every byte, to many at once', async () => {
      const line = `node -e "Promise.all(Array.from({ length: 12 }, async () => require('node:crypto').createHash('sha256').update(Buffer.from(await (await fetch('https://files.example/')).arrayBuffer())).digest('hex'))).then((all) => console.log(new Set(all).size, all[0]))"`;
      const { stdout } = await room.sh(line);
      expect(stdout).toBe(`1 ${createHash('sha256').update(large).digest('hex')}\n`);
    });

    it('reaches a listed port of the machine as 127.0.0.1, and no other way of the machine', async () => {
      const connecting = (address: string, port: number): string =>
        `node -e "require('node:net').connect(${port}, '${address}').on('data', (d) => console.log(String(d))).on('error', ({ code }) => console.log(code))"`;
      expect((await room.sh(connecting('127.0.0.1', neighbour.port))).stdout).toBe('machine\n');
      expect((await room.sh(connecting('127.0.0.1', neighbour.port + 1))).stdout).toBe('ECONNREFUSED\n');
      for (const address of neighbour.addresses.slice(1)) {
        expect((await room.sh(connecting(address, neighbour.port))).stdout).toBe('ENETUNREACH\n');
      }
      expect((await room.sh('cat /etc/resolv.conf; tail -n +2 /proc/net/route')).stdout).toBe('');
    });

    it('is there for a process that entered the sandbox, and contains the canary', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      const options = { ...machine, workspace: repository.root, network: network() };
      const request = { providers: [open(internet.gate)], canary: plantedCanary(), options };
      const { sandbox } = await openSandbox(request, never);
      await using opened = sandbox;
      await using entered = enterSandbox(opened.pass);
      const exit = said(await entered.run(shell(fetching('https://packages.example/')), never));
      expect(exit.stdout).toBe('200 package\n');
    });

    it('names the host that a failing set-up missed, with the setting (E404)', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      const options = { ...machine, workspace: repository.root, network: network() };
      const command = fetching('https://cdn.example/x.tgz');
      const request = { providers: [open(internet.gate)], options, command, timeoutMs: 20_000, log: () => undefined };
      await expect(setUpWorkspace(request, never)).rejects.toMatchObject({
        code: 'E404',
        why: expect.stringContaining('refused cdn.example:443: it is not on the list of allowed hosts'),
        fix: expect.stringMatching(/^if you trust them, add to `network.setup`: cdn\.example; or/),
      });
    });

    it('is refused where nobody gave it a way out (E900), and told when it cannot be opened', async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      const options = { ...machine, workspace: repository.root, network: network() };
      await expect(open().open(options)).rejects.toMatchObject({ code: 'E900' });
      const taken = { ...options, network: { ...network(), services: [neighbour.port, neighbour.port] } };
      await expect(open(internet.gate).open(taken)).rejects.toThrow(/cannot be listened on: EADDRINUSE/);
    });
  });
}
