import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedCanary } from '../../src/adapters/linux-namespaces/planted-canary.ts';
import { runsCommands } from '../../src/domain/sandbox-rung.ts';
import type { SandboxProvider } from '../../src/ports/sandbox.ts';
import { never, openRoom, type SandboxRoom } from '../fakes/sandbox-room.ts';
import { toolContext, useTool } from '../fakes/tool-context.ts';

const text = 'one\ntwo\nthree\n';

/** What every rung can do, the lowest too: the tools that read and write files, and nothing that they were not asked. */
export function sandboxFilesContract(provider: SandboxProvider): void {
  describe(`file tools in the ${provider.rung} sandbox`, () => {
    let room: SandboxRoom;
    let outside = '';
    beforeAll(async () => {
      room = await openRoom(provider, {
        files: { 'a.txt': text, 'run.sh': '#!/bin/sh\n', 'src/deep/b.ts': 'const needle = 1;\n' },
        prepare: (repository) => {
          outside = path.join(repository.temp, 'outside');
          writeFileSync(outside, 'a secret of the machine\n');
          repository.chmod('run.sh', 0o755);
          mkdirSync(path.join(repository.root, 'links'));
          for (const [name, target] of Object.entries({
            machine: outside,
            folder: repository.temp,
            hooks: '../.git/hooks',
            up: '../../../../../../..',
            environment: '/proc/self/environ',
            inside: '../a.txt',
          })) {
            symlinkSync(target, path.join(repository.root, 'links', name));
          }
          repository.git('config', 'http.extraheader', 'AUTHORIZATION: basic of-the-machine');
          repository.write('gha-creds-0123abcd.json', 'of-the-machine');
        },
      });
    });
    afterAll(async () => {
      await room[Symbol.asyncDispose]();
    });
    const use = (name: string, input: unknown) =>
      useTool(name, input, toolContext(room.repository.root, { sandbox: room.sandbox }));
    const inWorkspace = (name: string) => path.join(room.repository.root, name);

    it('read, search and list', async () => {
      expect((await use('read_file', { path: 'a.txt' })).output).toContain('2\ttwo');
      expect((await use('read_file', { path: 'links/inside' })).output).toContain('2\ttwo');
      expect((await use('search', { pattern: 'needle' })).output).toBe('src/deep/b.ts:1:const needle = 1;');
      expect((await use('find_files', { glob: '*.ts' })).output).toBe('src/deep/b.ts');
    });

    it('make, replace and edit files, new folders and modes included', async () => {
      expect(await use('write_file', { path: 'new.txt', content: 'new\n' })).toMatchObject({ ok: true });
      expect(await use('write_file', { path: 'made/on/the/way.txt', content: 'new\n' })).toMatchObject({ ok: true });
      expect(await use('write_file', { path: 'run.sh', content: '#!/bin/sh\n:\n' })).toMatchObject({ ok: true });
      expect(await use('edit_file', { path: 'src/deep/b.ts', old_text: '1', new_text: '2' })).toMatchObject({
        ok: true,
      });
      expect(await use('write_file', { path: 'links/inside', content: text })).toMatchObject({ ok: true });
      const written = ['new.txt', 'made/on/the/way.txt', 'run.sh', 'src/deep/b.ts', 'a.txt'];
      expect(written.map((name) => readFileSync(inWorkspace(name), 'utf8'))).toEqual([
        'new\n',
        'new\n',
        '#!/bin/sh\n:\n',
        'const needle = 2;\n',
        text,
      ]);
      expect(statSync(inWorkspace('run.sh')).mode & 0o777).toBe(0o755);
      expect(statSync(inWorkspace('new.txt')).uid).toBe(process.getuid?.());
    });

    it('are led to nothing outside by symlinks (S1)', async () => {
      for (const name of ['links/machine', 'links/folder/outside', `links/up${outside}`]) {
        expect((await use('read_file', { path: name })).output, name).not.toContain('a secret');
        // Where the room has a /tmp of its own this may succeed, in there.
        await use('write_file', { path: name, content: 'changed' });
      }
      expect((await use('search', { pattern: 'a secret', path: 'links/folder' })).output).not.toContain(
        'of the machine',
      );
      await use('write_file', { path: 'links/folder/made', content: 'made' });
      expect(readFileSync(outside, 'utf8')).toBe('a secret of the machine\n');
      expect(existsSync(path.join(room.repository.temp, 'made'))).toBe(false);
    });

    it('write nothing into .git, by no way', async () => {
      for (const name of ['.git/hooks/pre-commit', 'links/hooks/pre-commit', 'links/../.git/config']) {
        expect(await use('write_file', { path: name, content: 'x' }), name).toMatchObject({ ok: false });
      }
      expect(existsSync(inWorkspace('.git/hooks/pre-commit'))).toBe(false);
    });

    it('show no credential that lies in the workspace, and no environment of the machine (A8, S4)', async () => {
      for (const name of ['.git/config', 'gha-creds-0123abcd.json', 'links/environment']) {
        const { output } = await use('read_file', { path: name });
        expect(output, name).not.toContain('of-the-machine');
        expect(output, name).not.toContain(process.env['HOME'] ?? '/root');
      }
    });

    it('hold against the canary', async () => {
      await using planted = await plantedCanary().plant(never);
      expect(planted.leaks(await room.sandbox.run(planted.probe, never))).toEqual([]);
    });

    if (!runsCommands(provider.rung)) filesOnly(() => room);
  });
}

/** Behind Landlock no namespace hides the machine: what the file tools run gets no further than they need. */
function filesOnly(room: () => SandboxRoom): void {
  it('let no command run but their own (E406)', async () => {
    const command = { argv: ['/bin/sh', '-c', 'echo ran'] as const, timeoutMs: 5_000, maxOutputBytes: 100 };
    await expect(room().sandbox.run(command, never)).rejects.toMatchObject({ code: 'E406' });
    const bash = useTool('bash', { command: 'id' }, toolContext('/', { sandbox: room().sandbox }));
    await expect(bash).rejects.toMatchObject({ code: 'E406' });
  });

  it('write where they were told to, and nowhere else', async () => {
    const line =
      'echo x >made/x; echo x >a.txt; echo x >other; echo x >.git/x; echo x >/tmp/x-$$; rm -f a.txt; ls made';
    const write = { kind: 'write', path: 'made/y' } as const;
    expect(await room().sh(line, { files: write })).toMatchObject({ stdout: expect.stringContaining('x\n') });
    expect(readFileSync(path.join(room().repository.root, 'a.txt'), 'utf8')).toBe(text);
    const kept = ['other', '.git/x'].filter((name) => existsSync(path.join(room().repository.root, name)));
    expect(kept).toEqual([]);
    expect((await room().sh('echo x >made/z')).stderr).toContain('Permission denied');
  });

  it('signal, trace and see no process of the machine (S3, S11)', async () => {
    const pid = process.pid;
    const { stdout } = await room().sh(
      `kill -0 ${pid} && echo signalled; cat /proc/${pid}/environ /proc/${pid}/maps /proc/1/environ /proc/1/cmdline; ls /proc && echo listed`,
    );
    expect(stdout).toBe('');
  });

  it('make no socket of any kind (S7, X1)', async () => {
    const program = `import socket, errno
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_VSOCK):
  try:
    socket.socket(family, socket.SOCK_DGRAM); print('made', family)
  except OSError as e: print(errno.errorcode[e.errno])`;
    const exit = await room().sh('', { argv: ['/usr/bin/python3', '-c', program] });
    if (exit.exitCode !== 127) expect(new Set(exit.stdout.trim().split('\n'))).toEqual(new Set(['EAFNOSUPPORT']));
  });

  it('gain no power and change no mode of what is not theirs (S6, S9, S10)', async () => {
    const attempts = [
      'unshare --user true',
      'unshare --mount true',
      'mount -t tmpfs x /mnt',
      'setpriv --reuid 12 --clear-groups true',
      'su -c true',
      'chroot / true',
      'chmod 777 /tmp',
      'chmod 777 a.txt',
      'chown 12 /tmp',
      'touch -d 2000-01-01 /tmp/x-not-there',
      'hostname other',
    ];
    const argv = ['/bin/sh', '-c', 'for a; do sh -c "$a" && echo "done: $a"; done', 'x', ...attempts] as const;
    expect((await room().sh('', { argv })).stdout).toBe('');
    const { stdout } = await room().sh('/usr/bin/setpriv --dump');
    expect(stdout).toMatch(/no_new_privs: 1/);
    expect(stdout).toMatch(/Capability bounding set: \[none\]/);
  });
}
