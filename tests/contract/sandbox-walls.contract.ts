import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxProvider } from '../../src/ports/sandbox.ts';
import { openRoom, type SandboxRoom } from '../fakes/sandbox-room.ts';

/** The sandbox part of the attack catalogue (security: S1–S11, X1): what is outside stays outside. */
export function sandboxWallsContract(provider: SandboxProvider): void {
  describe(`walls of the ${provider.rung} sandbox`, () => {
    const secret = `outside-${randomBytes(12).toString('hex')}`;
    const files = [
      path.join(tmpdir(), `.entropy-test-${secret.slice(-8)}`),
      path.join(homedir(), `.entropy-test-${secret.slice(-8)}`),
    ];
    let room: SandboxRoom;
    let listener: Server;
    let port = 0;
    let visits = 0;

    beforeAll(async () => {
      for (const file of files) writeFileSync(file, secret, { mode: 0o600 });
      listener = createServer((socket) => {
        visits += 1;
        socket.destroy();
      }).listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const address = listener.address();
      port = address !== null && typeof address === 'object' ? address.port : 0;
      room = await openRoom(provider, {
        files: { 'README.md': '# sample\n' },
        prepare: (repository) => {
          symlinkSync(files[0] ?? '', path.join(repository.root, 'link'));
          symlinkSync('../../../../../../../../..', path.join(repository.root, 'up'));
          repository.git('config', 'http.https://github.com/.extraheader', `AUTHORIZATION: basic ${secret}`);
          repository.git('remote', 'add', 'origin', `https://x-access-token:${secret}@github.com/octo/slug`);
          repository.write('gha-creds-0123abcd.json', secret);
          mkdirSync(path.join(repository.root, '.git/modules/lib'), { recursive: true });
          repository.write('.git/modules/lib/config', `[core]\n\tbare = false\n[http]\n\textraheader = ${secret}\n`);
        },
      });
    });
    afterAll(async () => {
      await room[Symbol.asyncDispose]();
      listener.close();
      for (const file of files) rmSync(file);
    });

    it('shows none of the folders in which a machine keeps its state', async () => {
      // Without the tests' own toolchain, which lies below /tmp when the project is cloned there.
      await using bare = await openRoom(provider, { options: { hostPath: '/usr/bin:/bin' } });
      const { stdout } = await bare.sh('cd /; ls -d boot mnt media run var sys srv lost+found; ls -A /tmp ~');
      // An engine shows what of the kernel's own /sys is for containers, read-only.
      expect(stdout).toBe(`${provider.rung === 'docker' ? 'sys\n' : ''}/home/agent:\n\n/tmp:\n`);
    });

    it('lets no symlink, dots or absolute path lead to a file outside (S1, S2)', async () => {
      const paths = [
        'link',
        `up${files[0]}`,
        `../../../../../..${files[0]}`,
        ...files,
        `/proc/1/root${files[0]}`,
        `/proc/self/cwd/..${files[0]}`,
      ];
      const exit = await room.sh('for file; do cat "$file"; done; cat /etc/shadow /root/.ssh/* /home/*/.ssh/*', {
        argv: ['/bin/sh', '-c', 'for file; do cat "$file"; done; cat /etc/shadow /etc/ssl/private/*', 'x', ...paths],
      });
      expect(exit.stdout).toBe('');
      expect(exit.exitCode).not.toBe(0);
    });

    it('lets nothing outside be written, made or removed', async () => {
      const targets = [
        '/usr/x',
        '/etc/x',
        '/x',
        '/dev/x',
        '/bin/x',
        '/home/x',
        '/etc/passwd',
        '/proc/sys/kernel/core_pattern',
        '/proc/sys/vm/drop_caches',
      ];
      const { stdout } = await room.sh('', {
        argv: [
          '/bin/sh',
          '-c',
          'for t; do { true >>"$t"; } 2>/dev/null && echo "wrote $t"; done; rm -rf /usr/bin/env /etc/hosts 2>/dev/null; [ -x /usr/bin/env ] && echo there',
          'x',
          ...targets,
        ],
      });
      expect(stdout).toBe('there\n');
    });

    it('keeps .git read-only, whole and in its place, and git can still be asked', async () => {
      const attempts = [
        'echo x >.git/hooks/pre-commit',
        'rm -rf .git/HEAD',
        'mv .git elsewhere',
        'git commit --allow-empty -m x',
        'echo x >.git/config',
        'mkdir .git/new',
        'chmod 777 .git/HEAD',
        'umount .git',
        'mount -o remount,rw /ws/.git',
        'rmdir .git',
        'ln -sfn /tmp .git && [ -L .git ]',
      ];
      const done = await room.sh('', {
        argv: ['/bin/sh', '-c', 'for a; do sh -c "$a" && echo "done: $a"; done', 'x', ...attempts],
      });
      expect(done.stdout).not.toContain('done:');
      expect(await room.sh('git log --format=%s; git status --porcelain')).toMatchObject({
        stdout: expect.stringContaining('first'),
      });
      expect(room.repository.git('log', '--format=%s')).toBe('first');
    });

    it('shows no credential that checkouts and log-ins leave in the workspace (A8)', async () => {
      const { stdout } = await room.sh(
        'grep -rs . .git/config .git/modules/lib/config; git remote -v; cat gha-creds-0123abcd.json',
      );
      expect(stdout).not.toContain(secret);
      expect(stdout).toContain('https://github.com/octo/slug');
      expect(readFileSync(path.join(room.repository.root, '.git/config'), 'utf8')).toContain(secret);
    });

    it('shows no environment, argument or memory of a process outside (S3, S4, S11)', async () => {
      const exit = await room.sh(
        `cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'; kill -0 ${process.pid} && echo sig''nalled; cat /proc/${process.pid}/mem /proc/${process.pid}/maps`,
      );
      const outside = Object.entries(process.env).filter(
        ([name, value]) =>
          !/^(PATH|LANG|SHELL|PWD|OLDPWD|SHLVL|_|\w+_(ROOT|HOME))$/.test(name) && (value ?? '').length > 7,
      );
      for (const [name, value] of outside) expect(exit.stdout, name).not.toContain(`${name}=${value}`);
      expect(exit.stdout).not.toContain('signalled');
      expect(Number((await room.sh('ls -d /proc/[0-9]* | wc -l')).stdout)).toBeLessThan(8);
    });

    it('has no descriptor open but the three standard ones (S5)', async () => {
      const { stdout } = await room.sh(
        'cd /proc/$$/fd; for fd in *; do [ -e "$fd" ] && ! [ "$fd" -ef /dev/null ] && echo "$fd"; done',
      );
      expect(
        stdout
          .trim()
          .split('\n')
          .filter((fd) => Number(fd) > 2),
      ).toEqual([]);
    });

    it('can make no namespace, mount nothing, and become nobody else (S6, S9, S10)', async () => {
      const attempts = [
        'unshare --user true',
        'unshare --user --map-root-user true',
        'unshare --mount true',
        'unshare --pid --fork true',
        'mount -t tmpfs x /tmp',
        'mount -o remount,rw /usr',
        'mount -o remount,rw /',
        'umount /usr',
        'umount -l /proc/sys',
        'mount --bind /tmp /etc',
        'chroot / true',
        'nsenter --target 1 --mount true',
        'su -c true',
        'sudo -n true',
        'setpriv --reuid 0 --clear-groups true',
        'mknod /tmp/disk b 8 0',
        'ip link set lo down',
        'hostname other',
      ];
      const done = await room.sh('', {
        argv: ['/bin/sh', '-c', 'for a; do sh -c "$a" && echo "done: $a"; done', 'x', ...attempts],
      });
      expect(done.stdout).not.toContain('done:');
      const { stdout } = await room.sh(
        'id -u; grep -E "^(Cap|NoNewPrivs)" /proc/self/status; cp /usr/bin/id /tmp/suid && chmod 6755 /tmp/suid && /tmp/suid -u',
      );
      // An engine maps no users: whoever opened it is the same in there, without any power.
      const user = provider.rung === 'docker' ? process.getuid?.() : 1000;
      expect(stdout.replaceAll(/\s+/g, ' ')).toBe(
        `${user} CapInh: 0000000000000000 CapPrm: 0000000000000000 CapEff: 0000000000000000 CapBnd: 0000000000000000 CapAmb: 0000000000000000 NoNewPrivs: 1 ${user} `,
      );
    });

    it('sees no socket of a container engine or a service manager (S7)', async () => {
      const { stdout } = await room.sh(
        'for s in /run /var/run /var/run/docker.sock /run/docker.sock /run/containerd /run/systemd /run/dbus /run/user; do [ -e "$s" ] && echo "$s"; done',
      );
      expect(stdout).toBe('');
    });

    it('reaches no address: loopback of the machine, metadata service, names (X1)', async () => {
      const program = `const net = require('node:net'); const tries = [['127.0.0.1', ${port}], ['::1', ${port}], ['localhost', ${port}], ['169.254.169.254', 80], ['1.1.1.1', 53], ['10.0.0.1', 80]];
        Promise.all([...tries.map(([host, port]) => new Promise((done) => { const s = net.connect({ host, port, timeout: 2000 }, () => done('reached ' + host)); s.on('error', () => done('')); s.on('timeout', () => done('hung ' + host)); })),
          require('node:dns').promises.resolve('example.com').then(() => 'resolved', () => ''), require('node:dns').promises.lookup('example.com').then(() => 'looked up', () => '')])
          .then((all) => { console.log(all.join('')); process.exit(); });`;
      expect((await room.sh('', { argv: ['node', '-e', program] })).stdout).toBe('\n');
      expect(visits).toBe(0);
      expect(
        (await room.sh('tail -n +2 /proc/net/route; cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d " "')).stdout,
      ).toMatch(/^lo$/m);
    });

    it('has no terminal to type into', async () => {
      expect(await room.sh('[ -t 0 ] || [ -t 1 ] || [ -t 2 ] || { true </dev/tty; }')).not.toMatchObject({
        exitCode: 0,
      });
    });

    it('protects a .git that is a file, and refuses one that is a symlink', async () => {
      await using worktree = await openRoom(provider, {
        prepare: ({ root }) => {
          rmSync(path.join(root, '.git'), { recursive: true });
          writeFileSync(path.join(root, '.git'), 'gitdir: /somewhere/else\n');
        },
      });
      expect((await worktree.sh('echo "gitdir: /tmp" >.git || rm -f .git')).exitCode).not.toBe(0);
      expect(readFileSync(path.join(worktree.repository.root, '.git'), 'utf8')).toBe('gitdir: /somewhere/else\n');
      const linked = openRoom(provider, {
        prepare: ({ root }) => {
          rmSync(path.join(root, '.git'), { recursive: true });
          symlinkSync('/tmp', path.join(root, '.git'));
        },
      });
      await expect(linked).rejects.toMatchObject({ code: 'E403' });
    });

    it('gives the network and nothing else to the set-up command', async () => {
      await using online = await openRoom(provider, { options: { network: { kind: 'open' } } });
      const program = `require('node:net').connect(${port}, '127.0.0.1', () => { console.log('connected'); process.exit(); });`;
      expect(await online.sh('', { argv: ['node', '-e', program] })).toMatchObject({ stdout: 'connected\n' });
      const { stdout } = await online.sh(
        `cat ${files.join(' ')} 2>/dev/null; echo x >.git/x; ls -d /proc/[0-9]* | wc -l; grep CapEff /proc/self/status`,
      );
      expect(stdout).toMatch(/^[1-6]\nCapEff:\t0{16}\n$/);
    });

    if (provider.rung === 'bubblewrap')
      it('answers no key ring and no hypervisor socket', async () => {
        expect((await room.sh('grep -E "^Seccomp:" /proc/self/status')).stdout).toBe('Seccomp:\t2\n');
        const program =
          "import socket,errno\ntry:\n socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM); print('made')\nexcept OSError as e: print(errno.errorcode[e.errno])";
        const exit = await room.sh('', { argv: ['/usr/bin/python3', '-c', program] });
        if (exit.exitCode !== 127) expect(exit.stdout).toBe('EAFNOSUPPORT\n');
      });
  });
}
