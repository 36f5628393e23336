import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rungsOfThisMachine } from '../../fakes/available-rungs.ts';
import { type RealRepository, realRepository } from '../../fakes/real-repository.ts';
import { runCli } from './run-cli.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const { available } = await rungsOfThisMachine();

/** A sample that asks for a command, writes a file and hands it in. */
function sample(settings?: string): {
  repository: RealRepository;
  args: readonly string[];
  env: Record<string, string>;
} {
  const config = settings === undefined ? {} : { '.github/entropy.yml': settings };
  const repository = realRepository({ 'a.txt': 'before\n', 'test.sh': 'grep -q after a.txt\n', ...config });
  const script = path.join(repository.temp, 'script.yaml');
  writeFileSync(
    script,
    `script: 1
replies:
  - calls:
      - tool: bash
        input: { command: "pwd; echo ran >ran.txt" }
      - tool: write_file
        input: { path: a.txt, content: "after\\n" }
  - calls:
      - tool: submit
        input: { title: Change a.txt, body: It says after now., verified: [] }
`,
  );
  const state = path.join(repository.temp, 'state');
  mkdirSync(state);
  const args = ['run', '--task', 'Change a.txt', '--model', `scripted:${script}`, '--test', 'sh test.sh', '--json'];
  return { repository, args, env: { ENTROPY_STATE_DIR: state, TMPDIR: repository.temp } };
}

describe('run without a sandbox', () => {
  it('is done when it is typed, and told wherever the run is told', async () => {
    const { repository, args, env } = sample();
    using _gone = repository;
    const { code, stdout, stderr } = await runCli([...args, '--sandbox', 'none'], { cwd: repository.root, env });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('NO SANDBOX') });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ outcome: 'succeeded', sandboxRung: 'none', filesChanged: ['a.txt', 'ran.txt'] });
    expect(report.reason).toContain('There was no sandbox');
    expect(stderr.split('\n').filter((line) => line.startsWith('sandbox:'))).toEqual([]);
    expect(stderr.split('NO SANDBOX')).toHaveLength(2);
    const trajectory = readFileSync(report.trajectory, 'utf8');
    expect(trajectory).toMatch(/"type":"sandbox.ready","rung":"none","description":"NO SANDBOX[^}]*"canary":"none"/);
  });

  it('is told in the summary of a run that succeeds, and for good by the commit on its branch', async () => {
    const { repository, args, env } = sample();
    using _gone = repository;
    const plain = args.filter((arg) => arg !== '--json');
    const typed = [...plain, '--sandbox', 'none', '--branch', 'agent/bare'];
    const { code, stdout } = await runCli(typed, { cwd: repository.root, env });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('There was no sandbox') });
    const trailers = repository.git('log', '-1', '--format=%(trailers:key=Sandbox)', 'agent/bare');
    expect(trailers.trim()).toBe('Sandbox: none');
  });

  it('is refused in a job, and where the repository requires one', async () => {
    const { repository, args, env } = sample('sandbox:\n  required: unshare\n');
    using _gone = repository;
    const typed = [...args, '--sandbox', 'none'];
    const inJob = await runCli(typed, { cwd: repository.root, env: { ...env, CI: 'true' } });
    expect([inJob.code, inJob.stdout]).toEqual([2, expect.stringContaining('for a machine of your own')]);
    const required = await runCli(typed, { cwd: repository.root, env });
    expect(required.stdout).toContain('E402');
    expect(required.code).not.toBe(0);
  });

  it('is no value of a variable or a file', async () => {
    const { repository, args, env } = sample('sandbox:\n  required: none\n');
    using _gone = repository;
    const byFile = await runCli(args, { cwd: repository.root, env });
    expect(byFile.stdout).toContain('E101');
    using other = realRepository({ 'a.txt': 'a\n' });
    const byVariable = await runCli(args, { cwd: other.root, env: { ...env, ENTROPY_SANDBOX: 'none' } });
    expect(byVariable.stdout).toContain('ENTROPY_SANDBOX');
    expect([byFile.code, byVariable.code]).toEqual([2, 2]);
  });
});

describe.runIf(available.some(({ rung }) => rung === 'landlock'))('run where no namespace may be made', () => {
  it('reads and edits, runs nothing, and says so', async () => {
    const { repository, args, env } = sample();
    using _gone = repository;
    const hide = ['/usr/bin/docker', '/usr/local/bin/docker'].filter((file) => existsSync(file));
    const script = [
      ...hide.map((file) => `mount --bind /dev/null ${file}`),
      'echo 0 >/proc/sys/user/max_user_namespaces',
    ];
    const machine = [
      '--user',
      '--map-root-user',
      '--mount',
      '/bin/sh',
      '-c',
      `${script.join(' && ')} && exec "$@"`,
      'm',
    ];
    const child = spawn('unshare', [...machine, process.execPath, main, ...args, '--setup', 'touch set-up.txt'], {
      cwd: repository.root,
      env: { PATH: process.env['PATH'], HOME: '/nowhere', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    expect(stderr).toContain('landlock, offline, files only');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ outcome: 'succeeded', sandboxRung: 'landlock', filesChanged: ['a.txt'] });
    expect(report.reason).toContain('runs no commands');
    expect(stderr).toContain('bubblewrap cannot be had');
    expect(stderr.split('\n').filter((line) => line.startsWith('sandbox:'))).toEqual([]);
    const record = readFileSync(report.trajectory, 'utf8').split('\n');
    const ready = JSON.parse(record.find((line) => line.includes('"sandbox.ready"')) ?? '{}');
    expect(ready.passedOver[0]).toMatchObject({
      rung: 'bubblewrap',
      fix: expect.stringContaining('user.max_user_namespaces'),
    });
    const handedOver = JSON.parse(readFileSync(path.join(path.dirname(report.trajectory), 'result.json'), 'utf8'));
    expect(handedOver.sandbox.passedOver).toEqual(ready.passedOver);
  });
});
