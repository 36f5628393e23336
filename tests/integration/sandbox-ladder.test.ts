import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { seccompFilter } from '../../src/domain/seccomp-filter.ts';
import { rungsOfThisMachine } from '../fakes/available-rungs.ts';
import { realRepository } from '../fakes/real-repository.ts';

const child = path.join(import.meta.dirname, '../fakes/ladder-child.ts');
const { missing } = await rungsOfThisMachine();
/** Weaker machines are made of a machine that has all of these. */
const needed = ['bubblewrap', 'unshare', 'landlock'];
const lacking = missing.filter(({ rung }) => needed.includes(rung));

for (const { rung, reason, fix } of lacking) {
  it(`the ladder was not climbed, for this machine has no ${rung}: ${reason}`, ({ skip }) => {
    if (process.env['CI'] !== undefined) throw new Error(`${reason}: ${fix}`);
    skip(reason);
  });
}

interface Told {
  readonly rung?: string;
  readonly description?: string;
  readonly passedOver?: readonly { readonly rung: string; readonly reason: string; readonly fix: string }[];
  readonly code?: string;
  readonly message?: string;
  readonly fix?: string;
  readonly doctor: { readonly status: string; readonly detail: string; readonly fix?: string };
}

/** A machine as it may be, made of this one: a program and arguments that start others on it. */
interface Machine {
  readonly start: readonly [string, ...string[]];
  /** Filters of system calls, as descriptors from 3 on. */
  readonly filters?: readonly Uint8Array[];
}

/** The ladder as the agent climbs it, and doctor, on that machine. */
async function climb({ start, filters = [] }: Machine, required = ''): Promise<Told> {
  using repository = realRepository({ 'a.txt': 'a\n' });
  const files = filters.map((filter, index) => {
    const file = path.join(repository.temp, `filter-${index}`);
    writeFileSync(file, filter);
    return openSync(file, 'r');
  });
  const [program, ...args] = start;
  try {
    const running = spawn(program, [...args, process.execPath, child, repository.root, required], {
      env: { ...process.env, TMPDIR: repository.temp },
      stdio: ['ignore', 'pipe', 'pipe', ...files],
    });
    const { stdout, stderr } = running;
    if (stdout === null || stderr === null) throw new Error('no pipes');
    const [said, complaint] = await Promise.all([text(stdout), text(stderr), once(running, 'close')]);
    if (said === '') throw new Error(`nothing was said: ${complaint.slice(0, 1000)}`);
    return JSON.parse(said) as Told;
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** Root of a fresh user namespace, from which these programs are gone; `more` is done before the ladder is climbed. */
function without(programs: readonly string[], more = ':'): Machine {
  const folders = ['/usr/bin', '/usr/sbin', '/usr/local/bin'];
  const paths = programs
    .flatMap((name) => folders.map((folder) => `${folder}/${name}`))
    .filter((file) => existsSync(file));
  const hide = paths.map((file) => `mount --bind /dev/null ${file}`);
  const script = [...hide, more, 'exec "$@"'].join(' && ');
  return { start: ['unshare', '--user', '--map-root-user', '--mount', '/bin/sh', '-c', script, 'machine'] };
}

/** What an engine gives a job with `container:`: no capabilities, its own filter, and a file that says where one is. */
function container(filters: readonly Uint8Array[]): Machine {
  const hide = ['/usr/bin/docker', '/usr/local/bin/docker'].filter((file) => existsSync(file));
  return {
    start: [
      'bwrap',
      ...['--dev-bind', '/', '/', '--tmpfs', '/run', '--dir', '/run/.containerenv', '--cap-drop', 'ALL'],
      ...hide.flatMap((file) => ['--ro-bind', '/dev/null', file]),
      ...filters.flatMap((_, index) => ['--add-seccomp-fd', String(index + 3)]),
      '--',
    ],
    filters,
  };
}

/** One call is refused with EPERM, all others pass. */
function refusing(call: number): Uint8Array {
  const bytes = new Uint8Array(4 * 8);
  const view = new DataView(bytes.buffer);
  const steps = [
    [0x20, 0, 0, 0],
    [0x15, 0, 1, call],
    [0x06, 0, 0, 0x00050001],
    [0x06, 0, 0, 0x7fff0000],
  ] as const;
  for (const [index, [code, yes, no, k]] of steps.entries()) {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, yes);
    view.setUint8(index * 8 + 3, no);
    view.setUint32(index * 8 + 4, k, true);
  }
  return bytes;
}

const landlockCreateRuleset = 444;
const noNamespaces = 'echo 0 >/proc/sys/user/max_user_namespaces';

describe.runIf(lacking.length === 0)('the ladder, where trust could be lowered', () => {
  it('stays on the first rung as root', async () => {
    const told = await climb(without([]));
    expect(told).toMatchObject({ rung: 'bubblewrap', description: 'bubblewrap, offline', passedOver: [] });
    expect(told.doctor.status).toBe('ok');
  });

  it('goes to the next rung without bubblewrap, and names the package', async () => {
    const told = await climb(without(['bwrap', 'docker']));
    expect(told).toMatchObject({ rung: 'unshare', description: 'unshare, offline' });
    expect(told.passedOver?.map(({ rung }) => rung)).toEqual(['bubblewrap', 'docker']);
    expect(told.passedOver?.[0]).toMatchObject({
      reason: 'bwrap not found',
      fix: expect.stringContaining('bubblewrap'),
    });
    expect(told.doctor).toMatchObject({ status: 'warn', detail: expect.stringContaining('a weaker one') });
    expect(told.doctor.fix).toContain('bubblewrap');
  });

  it('refuses without bubblewrap where it is required', async () => {
    const told = await climb(without(['bwrap', 'docker']), 'bubblewrap');
    expect(told).toMatchObject({ code: 'E402', fix: expect.stringContaining('bubblewrap') });
  });

  it('reads and edits only where no user namespace may be made, and says so', async () => {
    const told = await climb(without(['docker'], noNamespaces));
    expect(told).toMatchObject({ rung: 'landlock', description: 'landlock, offline, files only' });
    expect(told.passedOver?.map(({ rung }) => rung)).toEqual(['bubblewrap', 'docker', 'unshare']);
    for (const rung of ['bubblewrap', 'unshare']) {
      expect(told.passedOver?.find((each) => each.rung === rung)?.fix).toBe(
        'sudo sysctl -w user.max_user_namespaces=15000',
      );
    }
    expect(told.doctor).toMatchObject({ status: 'warn', detail: expect.stringContaining('runs no commands') });
  });

  it('refuses without user namespaces where commands are required to run', async () => {
    expect(await climb(without(['docker'], noNamespaces), 'unshare')).toMatchObject({
      code: 'E402',
      message: expect.stringContaining('"unshare" or stronger'),
      fix: expect.stringContaining('user.max_user_namespaces=15000'),
    });
  });

  it('refuses where there is nothing, with what to install for each rung', async () => {
    const told = await climb(without(['bwrap', 'docker', 'perl'], noNamespaces));
    expect(told.code).toBe('E400');
    for (const words of ['bubblewrap', 'docker', 'max_user_namespaces', 'perl']) expect(told.fix).toContain(words);
    expect(told.doctor).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('landlock: perl not found'),
    });
  });

  it('reads and edits only in a job with `container:`, and says how to have more', async () => {
    const told = await climb(container([seccompFilter(process.arch)]));
    expect(told).toMatchObject({ rung: 'landlock' });
    expect(told.passedOver?.find(({ rung }) => rung === 'bubblewrap')?.fix).toContain('no `container:`');
    expect(told.doctor.status).toBe('warn');
  });

  it('refuses in a container whose engine lets Landlock not pass either', async () => {
    const told = await climb(container([seccompFilter(process.arch), refusing(landlockCreateRuleset)]));
    expect(told.code).toBe('E400');
    expect(told.fix).toContain('no `container:`');
    expect(told.fix).toContain('Docker 23 or later');
  });
});
