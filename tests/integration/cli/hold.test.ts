import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../src/adapters/system/system-clock.ts';
import { type CommandResult, runCommand } from '../../fakes/command-line.ts';
import { type ServedCoordinator, servedCoordinator } from '../../fakes/served-coordinator.ts';
import { type TempFolder, tempFolder } from '../../fakes/temp-folder.ts';
import { type CliRun, runCli } from './run-cli.ts';

let served: ServedCoordinator;
let folder: TempFolder;

beforeAll(async () => {
  folder = tempFolder();
  served = await servedCoordinator(createSystemClock());
});

afterAll(async () => {
  await served[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const places = [
  ['the local store', () => ({ args: ['--state', join(folder.root, 'state.sqlite')], env: {} })],
  ['a coordinator', () => ({ args: ['--coordinator', served.url], env: { ENTROPY_COORDINATOR_KEY: served.key } })],
] as const;

describe.each(places)('claims hold over %s', (name, place) => {
  const run = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand([...args, ...place().args], { cwd: folder.root, env: place().env });
  const take = async (lock: string): Promise<readonly string[]> => {
    const { json } = await run('claims', 'take', lock, '--agent', '--for', '5s', '--as', 'robot', '--json');
    return [lock, '--lease', json.claim.leaseId];
  };
  const hold = (
    claim: readonly string[],
    command: readonly string[],
    when?: { readonly seen: string; readonly act: (child: { kill(signal: 'SIGINT'): boolean }) => void },
  ): Promise<CliRun> =>
    runCli(['claims', 'hold', ...claim, '--ttl', '6s', ...place().args, '--', ...command], {
      cwd: folder.root,
      env: { ...place().env, OWN: 'kept' },
      ...(when && { when }),
    });
  const shell = (script: string): readonly string[] => ['sh', '-c', script];

  it('renews the lease while the command works, and ends with its exit code', async () => {
    const claim = await take('locks/kept');
    const startedAt = Date.now();
    const done = await hold(claim, [
      ...shell('sleep 3; echo "$0 $1 $OWN [$ENTROPY_COORDINATOR_KEY]"; exit 7'),
      '--json',
      '-R',
    ]);
    expect(done).toMatchObject({ code: 7, stdout: '--json -R kept []\n', stderr: '' });
    const { json } = await run('claims', 'list', '--json=key,expiresAt');
    const { expiresAt } = json.claims.find(({ key }: { key: string }) => key === 'locks/kept');
    // Renewed at its start for six seconds, and again at least once.
    expect(expiresAt).toBeGreaterThan(startedAt + 6_000 + 1_500);
  });

  it('ends the command and all that it started when the claim is taken over', async () => {
    const claim = await take('locks/taken');
    const saved = join(folder.root, `saved-${name.length}`);
    const script = `trap 'echo saved >${saved}; exit 0' TERM; echo at work; sleep 600 & wait`;
    let takenOver: Promise<CommandResult> | undefined;
    const done = await hold(claim, shell(script), {
      seen: 'at work',
      act: () => {
        takenOver = run('claims', 'takeover', 'locks/taken', '--as', 'bob');
      },
    });
    expect(await takenOver).toMatchObject({ code: 0 });
    expect(done).toMatchObject({ code: 5, stderr: expect.stringMatching(/E701[\s\S]*publish nothing of it/) });
    expect(readFileSync(saved, 'utf8')).toBe('saved\n');
  });

  it('passes Ctrl-C on to the command', async () => {
    const claim = await take('locks/interrupted');
    const script = "trap 'echo heard; exit 0' INT; echo at work; sleep 600 & wait";
    const done = await hold(claim, shell(script), { seen: 'at work', act: (child) => child.kill('SIGINT') });
    expect(done).toMatchObject({ code: 130, stdout: 'at work\nheard\n' });
  });

  it('runs nothing without a claim of ours, and says what cannot be started', async () => {
    const claim = await take('locks/refused');
    expect(await hold(['locks/refused'], ['true'])).toMatchObject({ code: 8, stderr: expect.stringContaining('E700') });
    expect(await hold(['locks/nobody'], ['true'])).toMatchObject({ code: 5, stderr: expect.stringContaining('E701') });
    expect(await hold(claim, ['no-such-program'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no-such-program cannot be started/),
    });
    expect(await run('claims', 'hold', ...claim)).toMatchObject({ code: 2 });
    expect(await run('claims', 'hold', ...claim, '--ttl', '2s', 'true')).toMatchObject({ code: 2 });
  });
});
