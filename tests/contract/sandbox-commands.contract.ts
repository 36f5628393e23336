import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SandboxProvider } from '../../src/ports/sandbox.ts';
import { never, openRoom, processesWith, type SandboxRoom, shell } from '../fakes/sandbox-room.ts';
import { tempFolder } from '../fakes/temp-folder.ts';

const npmTest = {
  'package.json': '{ "name": "sample", "version": "1.0.0", "scripts": { "test": "node --test" } }\n',
  'sum.test.js': "require('node:test')('adds', () => { require('node:assert').equal(1 + 1, 2); });\n",
};

/** How every sandbox runs commands: input, output, ends, folders and environment. */
export function sandboxCommandsContract(provider: SandboxProvider): void {
  describe(`commands in the ${provider.rung} sandbox`, () => {
    let room: SandboxRoom;
    beforeAll(async () => {
      room = await openRoom(provider, { files: npmTest, options: { env: { GREETING: 'two words' } } });
    });
    afterAll(async () => {
      await room[Symbol.asyncDispose]();
    });

    it('keeps the two output streams and the exit code apart', async () => {
      const exit = await room.sh('echo out; echo err >&2; exit 3');
      expect(exit).toMatchObject({ exitCode: 3, signal: null, timedOut: false, stdout: 'out\n', stderr: 'err\n' });
    });

    it('finds the programs of a toolchain below /tmp, where the sandbox has a /tmp of its own', async () => {
      using folder = tempFolder();
      const bin = path.join(folder.root, 'tool/bin');
      mkdirSync(bin, { recursive: true });
      writeFileSync(path.join(bin, 'greet'), '#!/bin/sh\necho hello\n', { mode: 0o755 });
      await using other = await openRoom(provider, { options: { hostPath: `${bin}:/usr/bin:/bin` } });
      expect(await other.sh('greet && touch /tmp/new')).toMatchObject({ stdout: 'hello\n', exitCode: 0 });
    });

    it('starts programs only, even where the shell has a word of the same name', async () => {
      const exit = await room.sandbox.run({ ...shell(''), argv: ['exit', '0'] }, never);
      expect(exit.exitCode).toBe(127);
    });

    it('reports a death by signal as such, and exit code 129 of git as an exit code', async () => {
      expect(await room.sh('kill -9 $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
      expect(await room.sh('kill -SEGV $$')).toMatchObject({ exitCode: null, signal: 'SIGSEGV' });
      expect(await room.sh('git log --no-such-option 2>/dev/null; exit 129')).toMatchObject({
        exitCode: 129,
        signal: null,
      });
    });

    it('feeds standard input, whole and byte for byte', async () => {
      const stdin = randomBytes(1024 * 1024);
      const exit = await room.sandbox.run({ ...shell('cat'), stdin, maxOutputBytes: 2 * stdin.length }, never);
      expect(Buffer.concat([exit.stdout.head, exit.stdout.tail]).equals(stdin)).toBe(true);
    });

    it('ends standard input at once when there is none', async () => {
      expect(await room.sh('cat; echo done')).toMatchObject({ stdout: 'done\n' });
    });

    it('does not mind a command that leaves its input unread', async () => {
      expect(await room.sh('exit 4', { stdin: new Uint8Array(4 * 1024 * 1024) })).toMatchObject({ exitCode: 4 });
    });

    it('lets scripts open /dev/stdin, /dev/stdout and /dev/stderr again', async () => {
      const exit = await room.sh('cat /dev/stdin >/dev/stdout; echo e >/dev/stderr', { stdin: Buffer.from('in') });
      expect(exit).toMatchObject({ exitCode: 0, stdout: 'in', stderr: 'e\n' });
    });

    it('keeps the head and the tail of 256 MB of output and tells every byte to who listens', async () => {
      let heard = 0;
      const line = 'printf first; head -c 268435456 /dev/zero; printf last';
      const before = process.memoryUsage().rss;
      const exit = await room.sandbox.run(
        { ...shell(line), maxOutputBytes: 1000, onOutput: (_, chunk) => (heard += chunk.length) },
        never,
      );
      expect(heard).toBe(268_435_456 + 9);
      expect(Buffer.from(exit.stdout.head).toString('latin1', 0, 6)).toBe('first\0');
      expect(Buffer.from(exit.stdout.tail).toString('latin1').slice(-5)).toBe('\0last');
      expect(exit.stdout.head.length + exit.stdout.tail.length + exit.stdout.omittedBytes).toBe(heard);
      expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
    });

    it('ends a command and all that it started at its deadline', async () => {
      const mark = `deadline-${randomBytes(6).toString('hex')}`;
      const exit = await room.sh(`(sh -c 'sleep 60; : ${mark}' &) ; sleep 60; : ${mark}`, { timeoutMs: 300 });
      expect(exit).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: true });
      expect(exit.durationMs).toBeLessThan(3000);
      expect(processesWith(mark)).toEqual([]);
    });

    it('rejects with the reason when it is aborted, and nothing of the command is left', async () => {
      const mark = `abort-${randomBytes(6).toString('hex')}`;
      const controller = new AbortController();
      const command = shell(`echo started; sleep 60; : ${mark}`, {
        onOutput: () => controller.abort(new Error('stop')),
      });
      await expect(room.sandbox.run(command, controller.signal)).rejects.toThrow('stop');
      expect(processesWith(mark)).toEqual([]);
      await expect(room.sandbox.run(shell('true'), controller.signal)).rejects.toThrow('stop');
    });

    it('leaves no daemon behind, and does not wait for one (S8)', async () => {
      const mark = `daemon-${randomBytes(6).toString('hex')}`;
      const exit = await room.sh(`setsid sh -c 'trap "" TERM HUP; sleep 60; : ${mark}' & echo gone`);
      expect(exit).toMatchObject({ exitCode: 0, stdout: 'gone\n' });
      expect(exit.durationMs).toBeLessThan(5000);
      expect(processesWith(mark)).toEqual([]);
    });

    it('runs in a folder of the workspace, and says when there is none', async () => {
      expect(await room.sh('mkdir -p deep/er && pwd')).toMatchObject({ stdout: '/ws\n' });
      expect(await room.sh('pwd', { cwd: 'deep/er' })).toMatchObject({ stdout: '/ws/deep/er\n' });
      await expect(room.sh('pwd', { cwd: 'nowhere' })).rejects.toMatchObject({ code: 'E403' });
    });

    it('refuses what no program can be given: a NUL byte, an argument without end', async () => {
      await expect(room.sandbox.run({ ...shell(''), argv: ['cat', 'a\0b'] }, never)).rejects.toMatchObject({
        code: 'E403',
      });
      const endless = 'x'.repeat(3 * 1024 * 1024);
      await expect(room.sandbox.run({ ...shell(''), argv: ['echo', endless] }, never)).rejects.toMatchObject({
        code: 'E403',
      });
      expect(await room.sh('true')).toMatchObject({ exitCode: 0 });
    });

    it('gives the environment that it was told, and no variable of ours', async () => {
      const { stdout } = await room.sh('env | cut -d= -f1 | sort | tr "\\n" " "; echo; echo "$GREETING|$HOME|$TMPDIR"');
      const [names = '', values] = stdout.split('\n');
      const toolRoots = /\b(\w+_(ROOT|HOME|DATA_DIR)|OLDPWD|_|SHLVL) /g;
      expect(names.replaceAll(toolRoots, '')).toBe('GREETING HOME LANG LOGNAME PATH PWD SHELL TMPDIR USER ');
      expect(values).toBe('two words|/home/agent|/tmp');
    });

    it('runs several commands at the same time', async () => {
      const exits = await Promise.all([1, 2, 3, 4].map((n) => room.sh(`sleep 0.1; echo ${n}`)));
      expect(exits.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n', '4\n']);
    });

    it('keeps /tmp and home for the run', async () => {
      await room.sh('echo a >/tmp/kept; echo b >~/kept; echo c >/dev/shm/kept');
      expect(await room.sh('cat /tmp/kept ~/kept /dev/shm/kept')).toMatchObject({ stdout: 'a\nb\nc\n' });
      expect(existsSync('/tmp/kept')).toBe(false);
    });

    it('runs `npm test` of a JavaScript project', async () => {
      const exit = await room.sh('npm test');
      expect(exit.stdout + exit.stderr).toContain('pass 1');
      expect(exit.exitCode).toBe(0);
    });

    it('has a loopback of its own, on which tests can serve', async () => {
      const program = `require('node:http').createServer((_, r) => r.end('served')).listen(0, '127.0.0.1', async function () {
        console.log(await (await fetch('http://localhost:' + this.address().port)).text()); process.exit(); });`;
      expect(await room.sh('node -e "$PROGRAM"', { argv: ['node', '-e', program] })).toMatchObject({
        stdout: 'served\n',
      });
    });

    it('makes files that are ours outside, to change and to delete', async () => {
      await room.sh(
        'echo mine >made; mkdir -p tree/shut; echo x >tree/shut/file; ln -s /etc/shadow tree/link; chmod 555 tree/shut',
      );
      const made = path.join(room.repository.root, 'made');
      expect(statSync(made)).toMatchObject({ uid: process.getuid?.(), mode: 0o100644 });
      writeFileSync(made, 'changed');
      await room.sh('chmod 755 tree/shut');
      rmSync(path.join(room.repository.root, 'tree'), { recursive: true });
      rmSync(made);
    });

    it('works over a path with spaces, quotes and letters beyond ASCII', async () => {
      const parent = mkdtempSync(path.join(tmpdir(), "entropy test 'ü🙂 "));
      const workspace = path.join(parent, 'a "b" $(id)');
      mkdirSync(workspace);
      writeFileSync(path.join(workspace, 'ñ file'), 'content');
      {
        await using odd = await openRoom(provider, { options: { workspace } });
        expect(await odd.sh('cat "ñ file"; echo new >"näw"')).toMatchObject({ stdout: 'content', exitCode: 0 });
      }
      expect(readdirSync(workspace).sort()).toEqual(['näw', 'ñ file']);
      rmSync(parent, { recursive: true });
    });

    it('keeps a home that the caller gives from one sandbox to the next', async () => {
      const home = mkdtempSync(path.join(tmpdir(), 'entropy-test-home-'));
      for (const line of ['echo installed >~/tool', 'cat ~/tool']) {
        await using one = await openRoom(provider, { options: { home } });
        expect((await one.sh(line)).exitCode).toBe(0);
      }
      rmSync(home, { recursive: true });
    });

    it('leaves no process and no folder when it is closed, nor when it could not be opened', async () => {
      using parent = tempFolder();
      vi.stubEnv('TMPDIR', parent.root);
      const one = await openRoom(provider, { options: { workspace: room.repository.root } });
      const [own = 'none', ...others] = readdirSync(parent.root).filter((name) => name.startsWith('entropy-sandbox-'));
      expect(others).toEqual([]);
      expect(await one.sh('true')).toMatchObject({ exitCode: 0 });
      await one[Symbol.asyncDispose]();
      expect(processesWith(own)).toEqual([]);
      const nowhere = openRoom(provider, { options: { workspace: '/no/such/folder' } });
      await expect(nowhere).rejects.toMatchObject({ code: 'E403' });
      expect(readdirSync(parent.root)).toEqual([]);
      vi.unstubAllEnvs();
    });
  });
}
