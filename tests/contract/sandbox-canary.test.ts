import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bubblewrapSandbox } from '../../src/adapters/linux-namespaces/bubblewrap.ts';
import { plantedCanary } from '../../src/adapters/linux-namespaces/planted-canary.ts';
import { openSandbox } from '../../src/flows/open-sandbox.ts';
import { setUpWorkspace } from '../../src/flows/set-up-workspace.ts';
import { defaultSandboxLimits, type SandboxProvider } from '../../src/ports/sandbox.ts';
import { rungsOfKind, rungsOfThisMachine } from '../fakes/available-rungs.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { never, processesWith } from '../fakes/sandbox-room.ts';

const optionsFor = (workspace: string) => ({
  workspace,
  limits: defaultSandboxLimits,
  env: {},
  hostPath: process.env['PATH'] ?? '',
});

/** Walls with doors left open on purpose: the machine's files, processes and network, all read-only. */
function weakRung(): SandboxProvider {
  const strong = bubblewrapSandbox();
  return {
    ...strong,
    open: async () => ({
      rung: 'bubblewrap',
      description: 'weak',
      run: async ({ argv }) => {
        const args = ['--unshare-user', '--ro-bind', '/', '/', '--dev', '/dev', '--', ...argv];
        const { status, stdout, stderr } = spawnSync('bwrap', args, { timeout: 5000 });
        const stream = (head: Uint8Array) => ({ head, tail: new Uint8Array(), omittedBytes: 0 });
        return {
          exitCode: status,
          signal: null,
          timedOut: false,
          stdout: stream(stdout),
          stderr: stream(stderr),
          durationMs: 0,
        };
      },
      [Symbol.asyncDispose]: async () => undefined,
    }),
  };
}

const machine = await rungsOfThisMachine();
const { available } = machine;
const filesOnly = rungsOfKind(machine, 'files only');

describe.each(available)('the canary in the $rung sandbox', (provider) => {
  it('is contained', async () => {
    using repository = realRepository({ 'a.txt': 'a\n' });
    const request = { providers: [provider], canary: plantedCanary(), options: optionsFor(repository.root) };
    const { sandbox } = await openSandbox(request, never);
    await using _ = sandbox;
    const more = filesOnly.includes(provider) ? ', files only' : '';
    expect(sandbox.description).toBe(`${provider.rung}, offline${more}`);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  if (filesOnly.includes(provider)) return;
  it('sees the network when there is one', async () => {
    using repository = realRepository({ 'a.txt': 'a\n' });
    const online = {
      ...provider,
      open: (options: Parameters<typeof provider.open>[0]) => provider.open({ ...options, network: { kind: 'open' } }),
    };
    const request = { providers: [online], canary: plantedCanary(), options: optionsFor(repository.root) };
    await expect(openSandbox(request, never)).rejects.toMatchObject({
      code: 'E401',
      message: expect.stringContaining('a connection to a listener on this machine'),
    });
  });

  it('lets the set-up command install, stream its output and fail with its last words (E404)', async () => {
    using repository = realRepository({ 'a.txt': 'a\n' });
    const heard: string[] = [];
    const request = {
      providers: [provider],
      options: { ...optionsFor(repository.root), network: { kind: 'none' as const } },
      command: 'echo installed >made.txt; echo to the log',
      timeoutMs: 10_000,
      log: (chunk: Uint8Array) => heard.push(new TextDecoder().decode(chunk)),
    };
    await setUpWorkspace(request, never);
    expect(repository.git('status', '--porcelain')).toBe('?? made.txt');
    expect(heard.join('')).toBe('to the log\n');
    await expect(
      setUpWorkspace({ ...request, command: 'echo no such package >&2; exit 7' }, never),
    ).rejects.toMatchObject({
      code: 'E404',
      message: expect.stringContaining('ended with 7'),
      why: expect.stringContaining('no such package'),
    });
    await expect(setUpWorkspace({ ...request, command: 'sleep 30', timeoutMs: 200 }, never)).rejects.toMatchObject({
      code: 'E404',
      message: expect.stringContaining('did not end within'),
    });
    await expect(setUpWorkspace({ ...request, command: 'echo x >.git/hooks/pre-commit' }, never)).rejects.toMatchObject(
      { code: 'E404' },
    );
  });
});

describe.runIf(available.some(({ rung }) => rung === 'bubblewrap'))('the canary behind walls with open doors', () => {
  it('names every door', async () => {
    using repository = realRepository({ 'a.txt': 'a\n' });
    const request = { providers: [weakRung()], canary: plantedCanary(), options: optionsFor(repository.root) };
    const doors = ['cmdline', '/secret', 'connection to 127.0.0.1', 'user namespace'];
    for (const door of doors) {
      await expect(openSandbox(request, never)).rejects.toMatchObject({
        code: 'E401',
        message: expect.stringContaining(door),
      });
    }
  });

  it('leaves nothing of itself on the machine', async () => {
    const planted = await plantedCanary().plant(never);
    const [, , , , pattern = '', , ...files] = planted.probe.argv;
    const token = pattern.replace('[e]', 'e');
    expect(files.map((file) => existsSync(file))).not.toContain(false);
    expect(processesWith(token).length).toBe(1);
    await planted[Symbol.asyncDispose]();
    expect(files.map((file) => existsSync(path.dirname(file)))).not.toContain(true);
    expect(processesWith(token)).toEqual([]);
  });
});
