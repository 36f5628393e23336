import { describe, expect, it } from 'vitest';
import { seatbeltSandbox } from '../../../../src/adapters/host-process/seatbelt.ts';
import { seatbeltArguments } from '../../../../src/adapters/host-process/seatbelt-arguments.ts';
import { type SandboxNetwork, taskNetwork } from '../../../../src/domain/sandbox-network.ts';
import { defaultSettings } from '../../../../src/domain/settings.ts';
import { defaultSandboxLimits } from '../../../../src/ports/sandbox.ts';
import { parseRepositoryConfig } from '../../../../src/runtime/repository-config.ts';

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

  const open = (network: SandboxNetwork) =>
    seatbeltSandbox().open({ workspace: '/w', network, limits: defaultSandboxLimits, env: {}, hostPath: '/bin' });

  it('refuses a network that it could not watch (E402)', async () => {
    await expect(open({ kind: 'open' })).rejects.toMatchObject({ code: 'E402' });
  });

  it('tells whoever wrote nothing about networks what to write, so that set-up is run', async () => {
    const usual = taskNetwork(defaultSettings).setup;
    await expect(open(usual)).rejects.toMatchObject({
      code: 'E402',
      message: expect.stringContaining('network: registries'),
      fix: expect.stringMatching(/^write `network: \{ setup: \[\] \}` in \.github\/entropy\.yml/),
    });
    const followed = (await parseRepositoryConfig('network: { setup: [] }')).values;
    expect(taskNetwork({ ...defaultSettings, ...followed }).setup).toEqual({ kind: 'none' });
  });

  it('speaks of local ports where only they are asked for', async () => {
    const services = open({ kind: 'allowed', hosts: [], services: [5432] });
    await expect(services).rejects.toMatchObject({
      fix: expect.stringMatching(/^leave `network\.services` out; or run/),
    });
  });
});
