import { bubblewrapSandbox } from '../../../../src/adapters/linux-namespaces/bubblewrap.ts';
import { defaultSandboxLimits, type SandboxCommand, type SandboxLimits } from '../../../../src/ports/sandbox.ts';
import { openRoom, type SaidExit } from '../../../fakes/sandbox-room.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

/** One line of shell in the real sandbox, with the bounds of a real run unless told otherwise. */
async function run(
  line: string,
  limits: Partial<SandboxLimits> = {},
  more: Partial<SandboxCommand> = {},
): Promise<SaidExit> {
  await using room = await openRoom(bubblewrapSandbox(), { limits });
  return await room.sh(line, more);
}

const mebibyte = 1024 ** 2;

export const endlessOutput: Attack = {
  id: 'D4',
  title: 'a command that writes without end fills our memory and the model’s window',
  attack: async () => {
    const exit = await run('yes | head -c 40000000', {}, { maxOutputBytes: 10_000 });
    const kept = exit.stdout.length;
    return kept <= 10_000 ? contained(`${kept} of 40,000,000 bytes were kept`) : escaped(`${kept} bytes were kept`);
  },
  twin: async () => {
    const exit = await run('seq 100', {}, { maxOutputBytes: 10_000 });
    return exit.stdout.endsWith('100\n') ? passed('a short output is kept whole') : hindered(exit.stdout);
  },
};

export const hangingCommand: Attack = {
  id: 'D4',
  title: 'a command that never ends, and leaves a daemon that never does',
  attack: async () => {
    const exit = await run('(setsid sleep 4 &) ; sleep 4', {}, { timeoutMs: 300 });
    return exit.timedOut ? contained('it is ended at its deadline') : escaped('it ran to its own end');
  },
  twin: async () => {
    const exit = await run('sleep 0.1; echo done', {}, { timeoutMs: 20_000 });
    return exit.stdout === 'done\n' ? passed('one that ends in time is left alone') : hindered(exit.stderr);
  },
};

export const forkBomb: Attack = {
  id: 'D4',
  title: 'a command that starts process after process',
  attack: async () => {
    const bomb = `i=0; while [ $i -lt 580 ]; do sleep 5 & i=$((i+1)); done 2>/dev/null; sleep 0.3; ls -d /proc/[0-9]* | wc -l`;
    const exit = await run(bomb, {}, { timeoutMs: 30_000 });
    const alive = Number(exit.stdout.trim() || '0');
    if (exit.exceeded === 'processes') return contained('it is ended when it has too many');
    return alive < 560
      ? contained(`the kernel gave it no more than ${alive}`)
      : escaped(`${alive} processes lived side by side`);
  },
  twin: async () => {
    const exit = await run('for i in 1 2 3 4 5; do sleep 0.1 & done; wait; echo all', {}, {});
    return exit.stdout === 'all\n'
      ? passed(`a few of ${defaultSandboxLimits.maxProcesses} run`)
      : hindered(exit.stderr);
  },
};

export const fullDisk: Attack = {
  id: 'D4',
  title: 'a command that fills the disk, by one file, in memory, or by many files',
  attack: async () => {
    const limits = { maxFileBytes: 8 * mebibyte, tmpBytes: 16 * mebibyte };
    const one = await run('head -c 24M /dev/zero >big; wc -c <big', limits);
    if (Number(one.stdout.trim()) > 8 * mebibyte) return escaped(`one file took ${one.stdout.trim()} bytes`);
    const fill = 'for i in 1 2 3 4; do head -c 6M /dev/zero >/tmp/f$i; done 2>/dev/null; du -skx /tmp | cut -f1';
    const memory = await run(fill, limits);
    if (Number(memory.stdout.trim()) > 17 * 1024) return escaped(`/tmp took ${memory.stdout.trim()} KiB`);
    const many = await run('sleep 10; echo still here', { minFreeDiskBytes: Number.MAX_SAFE_INTEGER });
    if (many.exceeded !== 'disk') return escaped('nobody minds that the disk is full');
    return contained('a file, what lies in memory, and the disk have bounds');
  },
  twin: async () => {
    const limits = { maxFileBytes: 8 * mebibyte, tmpBytes: 16 * mebibyte };
    const exit = await run('head -c 4M /dev/zero >a && cp a /tmp/a && wc -c </tmp/a', limits);
    return exit.stdout.trim() === String(4 * mebibyte) ? passed('what fits is written') : hindered(exit.stderr);
  },
};
