import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { egressProcess } from '../../../src/adapters/egress/egress-process.ts';
import { bubblewrapSandbox } from '../../../src/adapters/linux-namespaces/bubblewrap.ts';
import { ownEgressCommand } from '../../../src/runtime/own-worker.ts';
import { realRepository } from '../../fakes/real-repository.ts';
import { openRoom, processesWith } from '../../fakes/sandbox-room.ts';

const listed = { kind: 'allowed', hosts: ['localhost'], services: [] } as const;
/** One word more for each test, by which its processes are known. */
const gate = (word: string) => egressProcess([...ownEgressCommand(), word]);

async function gone(word: string): Promise<boolean> {
  for (let look = 0; look < 100 && processesWith(word).length > 0; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return processesWith(word).length === 0;
}

describe('the way out as a process of its own', () => {
  it('goes by the resolver of the machine, and refuses what leads back to it', async () => {
    await using room = await openRoom(bubblewrapSandbox(gate('resolves')), { options: { network: listed } });
    const program = `env -u NO_PROXY -u no_proxy node -e "fetch('https://localhost/').then(async (r) => console.log(r.status, await r.text()), (e) => console.log(String(e.cause ?? e)))"`;
    expect((await room.sh(program)).stdout).toMatch(/^403 .*localhost: it leads to .*\(this machine\)/);
    const report = await room.sandbox.egress?.();
    expect(report?.refused).toMatchObject([{ target: 'localhost', why: expect.stringContaining('(this machine)') }]);
  });

  it('is given nothing of the environment of who opens it, and is gone with the sandbox', async () => {
    process.env['ENTROPY_TEST_SECRET'] = 'not-for-the-proxy';
    try {
      const room = await openRoom(bubblewrapSandbox(gate('nothing-of-ours')), { options: { network: listed } });
      const [pid] = processesWith('nothing-of-ours');
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
      expect(environment.map((line) => line.split('=')[0]).sort()).toEqual([
        'LANG',
        'NODE_CHANNEL_FD',
        'NODE_CHANNEL_SERIALIZATION_MODE',
      ]);
      await room[Symbol.asyncDispose]();
      expect(processesWith('nothing-of-ours')).toEqual([]);
    } finally {
      delete process.env['ENTROPY_TEST_SECRET'];
    }
  });

  it('ends by itself when who opened it is killed', async () => {
    using repository = realRepository({ 'a.txt': 'a\n' });
    const word = 'left-behind-if-broken';
    const script = new URL('../../fakes/egress-child.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, repository.root, word], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [first] = await once(child.stdout, 'data');
    expect(String(first)).toBe('open bubblewrap, network: packages.example\n');
    expect(processesWith(word).length).toBe(2);
    child.kill('SIGKILL');
    expect(await gone(word)).toBe(true);
  });

  it('that does not start is told of as that (E407)', async () => {
    const broken = egressProcess([process.execPath, '-e', 'throw new Error("no such module")']);
    await expect(openRoom(bubblewrapSandbox(broken), { options: { network: listed } })).rejects.toMatchObject({
      code: 'E407',
      message: expect.stringContaining('no such module'),
    });
    const lying = egressProcess([process.execPath, '-e', 'process.send({ type: "hello" })']);
    await expect(openRoom(bubblewrapSandbox(lying), { options: { network: listed } })).rejects.toMatchObject({
      code: 'E407',
      message: expect.stringContaining('not in the protocol'),
    });
  });
});
