import { describe, expect, it } from 'vitest';
import { seatbeltSandbox } from '../../../../src/adapters/host-process/seatbelt.ts';
import { seatbeltArguments } from '../../../../src/adapters/host-process/seatbelt-arguments.ts';
import { defaultSandboxLimits } from '../../../../src/ports/sandbox.ts';

const walls = {
  closed: ['/Users', '/private/tmp'],
  shown: ['/private/tmp/room/ws'],
  writable: ['/private/tmp/room/ws'],
  readOnly: ['/private/tmp/room/ws/.git'],
  credentials: ['/private/tmp/room/ws/.git/config'],
};

/** Only what is written for macOS can be looked at here; no Mac has run it yet. */
describe('a command behind seatbelt', () => {
  it('is given a profile that closes everything and opens what was named', async () => {
    const [shell, flag, line = ''] = await seatbeltArguments(walls, ['echo', 'a b', "it's"]);
    expect([shell, flag]).toEqual(['/bin/sh', '-c']);
    expect(line).toContain('/usr/bin/sandbox-exec -p');
    expect(line).toContain('(deny default');
    expect(line).toMatch(/deny file-read\*[\s\S]*\/Users/);
    expect(line).toMatch(/allow file-read\*[\s\S]*\/private\/tmp\/room\/ws/);
    expect(line).toMatch(/allow file-write\*[\s\S]*\/private\/tmp\/room\/ws/);
    expect(line).toMatch(/deny file-write\*[\s\S]*\/private\/tmp\/room\/ws\/\.git/);
    expect(line).toMatch(/deny file-read\*[\s\S]*\/private\/tmp\/room\/ws\/\.git\/config/);
  });

  it('reaches nothing but its own loopback', async () => {
    const [, , line = ''] = await seatbeltArguments(walls, ['true']);
    expect(line).not.toMatch(/\(allow network\*\)/);
    expect(line).toMatch(/localhost/);
  });
});

describe('the seatbelt rung', () => {
  it.skipIf(process.platform === 'darwin')('says by name why this machine cannot have it', async () => {
    const probed = await seatbeltSandbox().probe(AbortSignal.timeout(5_000));
    expect(probed).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining("macOS's own") });
  });

  it('refuses a network that it could not watch (E402)', async () => {
    const opening = seatbeltSandbox().open({
      workspace: '/w',
      network: { kind: 'open' },
      limits: defaultSandboxLimits,
      env: {},
      hostPath: '/bin',
    });
    await expect(opening).rejects.toMatchObject({ code: 'E402' });
  });
});
