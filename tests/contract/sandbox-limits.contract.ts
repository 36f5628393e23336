import { statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxProvider } from '../../src/ports/sandbox.ts';
import { openRoom, processesWith, type SandboxRoom } from '../fakes/sandbox-room.ts';

const mebibyte = 1024 ** 2;

/** What a command may use of the machine (security: D4): it is bounded, and the machine lives on. */
export function sandboxLimitsContract(provider: SandboxProvider): void {
  describe(`limits of the ${provider.rung} sandbox`, () => {
    let room: SandboxRoom;
    beforeAll(async () => {
      room = await openRoom(provider, {
        limits: {
          tmpBytes: 8 * mebibyte,
          maxFileBytes: 16 * mebibyte,
          maxMemoryBytes: 256 * mebibyte,
          maxProcesses: 100,
        },
      });
    });
    afterAll(async () => {
      await room[Symbol.asyncDispose]();
    });

    it('bounds /tmp, home and shared memory', async () => {
      for (const folder of ['/tmp', '~', '/dev/shm']) {
        const exit = await room.sh(`head -c 12000000 /dev/zero >${folder}/big; rm ${folder}/big; exit 0`);
        expect(exit.stderr, folder).toContain('No space left on device');
      }
    });

    it('bounds the size of one file, also of one that is written without end', async () => {
      const exit = await room.sh('yes >big');
      expect(exit).toMatchObject({ exitCode: null, signal: 'SIGXFSZ' });
      expect(statSync(path.join(room.repository.root, 'big')).size).toBe(16 * mebibyte);
      await room.sh('rm big');
    });

    it('ends a command that is about to fill the disk', async () => {
      const folder = room.repository.temp;
      const { bavail, bsize } = statfsSync(folder);
      await using full = await openRoom(provider, { limits: { minFreeDiskBytes: bavail * bsize - 64 * mebibyte } });
      const exit = await full.sh('i=0; while :; do i=$((i+1)); head -c 4000000 /dev/zero >fill-$i; sleep 0.005; done');
      expect(exit).toMatchObject({ exitCode: null, exceeded: 'disk', timedOut: false });
      expect(await full.sh('rm fill-*')).toMatchObject({ exitCode: 0 });
    });

    it('survives a fork bomb', async () => {
      const mark = `bomb-${process.pid}-${provider.rung}`;
      // For root the kernel has no such limit and the watch has to see it: a bomb that doubles would hurt other tests.
      const doubling = process.getuid?.() === 0 ? '' : 'bomb & bomb &';
      const line = `bomb() { while :; do sh -c 'sleep 30; : ${mark}' & ${doubling} done; }; bomb`;
      const exit = await room.sh(line, { timeoutMs: 3000 });
      expect(exit.exceeded === 'processes' || exit.timedOut || /fork/i.test(exit.stderr)).toBe(true);
      expect(exit.durationMs).toBeLessThan(10_000);
      expect(processesWith(mark)).toEqual([]);
      expect(await room.sh('echo alive')).toMatchObject({ stdout: 'alive\n' });
    });

    it('gives one process no more memory than the limit', async () => {
      // Without a line end in sight, tail has to keep all of it.
      const exit = await room.sh('head -c 600000000 /dev/zero | tail -n 1 | wc -c', { timeoutMs: 10_000 });
      expect(exit.stderr).toContain('memory exhausted');
    });

    it('counts the memory of all processes of a command together', async () => {
      const line = '{ head -c 110000000 /dev/zero; sleep 8; } | tail -n 1 >/dev/null';
      const exit = await room.sh(`for i in 1 2 3 4; do ${line} & done; wait`, { timeoutMs: 8_000 });
      expect(exit).toMatchObject({ exitCode: null, exceeded: 'memory' });
    });

    it('ends output without end at the deadline, keeping only what it was told to keep', async () => {
      const exit = await room.sh('yes', { timeoutMs: 500, maxOutputBytes: 1000 });
      expect(exit).toMatchObject({ timedOut: true });
      expect(exit.stdout.length).toBe(1000);
    });
  });
}
