import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, chownSync, closeSync, openSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rungsOfKind, rungsOfThisMachine } from '../fakes/available-rungs.ts';
import { realRepository } from '../fakes/real-repository.ts';
import { processesWith } from '../fakes/sandbox-room.ts';

const script = path.join(import.meta.dirname, '../fakes/sandbox-child.ts');
const nobody = 65534;

async function resultOf(child: ChildProcess): Promise<{ stdout: string; stderr: string; exitCode: number | null }> {
  let text = '';
  child.stdout?.on('data', (chunk) => (text += chunk));
  await once(child, 'close');
  return JSON.parse(text);
}

/** Polls for what the kernel does a moment later; the deadline is the test's own. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const machine = await rungsOfThisMachine();
const rungs = [...rungsOfKind(machine, 'fast'), ...rungsOfKind(machine, 'containers')];

describe.each(rungs)('a process that opens the $rung sandbox', ({ rung }) => {
  it('passes on no descriptor that it inherited itself, low or high (S5)', async () => {
    using repository = realRepository({ 'a.txt': 'a\n' });
    const secret = path.join(repository.temp, 'secret');
    writeFileSync(secret, 'outside');
    const open = openSync(secret, 'r');
    // The shell leaves descriptors 3, 4, 7 and 200 open for node, as runners do.
    const line = 'exec 4<&3 7<&3 200<&3; exec "$0" "$@"';
    const look = 'cat /proc/$$/fd/[3-9] /proc/$$/fd/?? /proc/$$/fd/???';
    const child = spawn('/bin/bash', ['-c', line, process.execPath, script, rung, repository.root, look], {
      stdio: ['ignore', 'pipe', 'ignore', open],
    });
    const { stdout } = await resultOf(child);
    closeSync(open);
    expect(stdout).toBe('');
  });

  it('takes its commands with it when it is killed without warning, and the next one tidies up', async () => {
    using repository = realRepository({ 'a.txt': 'a\n' });
    const mark = `orphan-${randomBytes(6).toString('hex')}`;
    const line = `setsid sh -c 'sleep 60; : ${mark}' & echo up; sleep 60; : ${mark}`;
    const env = { ...process.env, TMPDIR: repository.temp };
    const child = spawn(process.execPath, [script, rung, repository.root, line], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    expect(processesWith(mark).length).toBeGreaterThan(1);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await until(() => processesWith(mark).length === 0);
    const folders = () => readdirSync(repository.temp).filter((name) => name.startsWith('entropy-sandbox-'));
    expect(folders().length).toBe(1);
    await resultOf(
      spawn(process.execPath, [script, rung, repository.root, 'true'], { env, stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    expect(folders()).toEqual([]);
  });

  // The engine's socket is root's here, and whom it is opened to is not ours to change.
  const asOther = process.getuid?.() === 0 && othersCanRunUs() && rung !== 'docker';
  const title = 'works for an ordinary user, who keeps what the commands make';
  if (!asOther) it.skip(`${title} (only root can try that; this user is one)`, () => undefined);
  else
    it(title, async () => {
      using repository = realRepository({ 'a.txt': 'a\n' });
      for (const name of ['', ...readdirSync(repository.root, { recursive: true, encoding: 'utf8' })]) {
        chownSync(path.join(repository.root, name), nobody, nobody);
      }
      execFileSync('chmod', ['755', path.dirname(repository.root), repository.root]);
      const line = [
        'id -u; echo made >made.txt; echo x >.git/x || echo protected; grep CapBnd /proc/self/status',
        'true >>/proc/sys/kernel/core_pattern || echo guarded',
        '(i=0; while [ $i -lt 100 ]; do sleep 1 & i=$((i+1)); done) 2>/dev/null || echo bounded',
      ].join('\n');
      const identity = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'];
      const child = spawn('setpriv', [...identity, process.execPath, script, rung, repository.root, line], {
        env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const { stdout } = await resultOf(child);
      expect(stdout).toContain('1000\nprotected\nCapBnd:\t0000000000000000\nguarded\nbounded\n');
      expect(statSync(path.join(repository.root, 'made.txt'))).toMatchObject({ uid: nobody });
    });
});

/** A checkout below a closed home cannot be read by others, so nobody else can run it. */
function othersCanRunUs(): boolean {
  const folders = [script, process.execPath].flatMap((file) => {
    const parts = file.split('/').slice(1, -1);
    return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  });
  return folders.every((folder) => {
    accessSync(folder);
    return (statSync(folder).mode & 0o001) !== 0;
  });
}
