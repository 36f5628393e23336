import { describe, expect, it } from 'vitest';
import { type ContainerPlan, containerArguments, usersFor } from '../../../src/domain/docker-arguments.ts';
import { generatedEtc } from '../../../src/domain/sandbox-layout.ts';

const plan: ContainerPlan = {
  mounts: [
    { kind: 'read-only', type: 'directory', source: '/usr', target: '/usr' },
    { kind: 'link', to: 'usr/bin', target: '/bin' },
    { kind: 'writable', type: 'directory', source: '/work/a, "b"', target: '/ws' },
  ],
  volumes: [{ name: 'tmp-1', target: '/tmp', bytes: 1024, mode: '1777' }],
  user: '1001:118',
  network: 'none',
  ipc: 'shareable',
  label: 'entropy-sandbox=1',
  runtime: undefined,
  limits: { maxProcesses: 100, maxMemoryBytes: 1000, tmpBytes: 400 },
};

/** What follows each `--mount`. */
const mountsOf = (args: readonly string[]) => args.filter((_, index) => args[index - 1] === '--mount');

describe('the arguments of a container', () => {
  it('take away network, capabilities, privileges and everything that could be written', () => {
    const line = containerArguments(plan).join(' ');
    for (const words of ['--network none', '--cap-drop ALL', '--security-opt no-new-privileges', '--read-only']) {
      expect(line).toContain(words);
    }
    expect(line).toContain('--pull never');
    expect(line).toContain('--user 1001:118');
  });

  it('bound processes and memory somewhat above what is watched', () => {
    const line = containerArguments(plan).join(' ');
    expect(line).toContain('--pids-limit 164 --memory 1250 --memory-swap 1250');
    expect(line).toContain('--shm-size 100');
  });

  it('show what is read-only so, and a link as what it leads to', () => {
    const mounts = mountsOf(containerArguments(plan));
    expect(mounts).toContain('type=bind,source=/usr,target=/usr,readonly');
    expect(mounts).toContain('type=bind,source=/usr/bin,target=/bin,readonly');
  });

  it('let no path of a workspace add a field of its own', () => {
    expect(mountsOf(containerArguments(plan))).toContain('type=bind,"source=/work/a, ""b""",target=/ws');
    const sly = { ...plan, mounts: [{ ...plan.mounts[0], source: '/w,readonly=false' } as (typeof plan.mounts)[0]] };
    expect(mountsOf(containerArguments(sly))).toContain('type=bind,"source=/w,readonly=false",target=/usr,readonly');
  });

  it('make the volumes once and use them after that', () => {
    const [made] = mountsOf(containerArguments(plan));
    expect(made).toContain('"volume-opt=o=size=1024,mode=1777,uid=1001,gid=118,nosuid,nodev"');
    const [used] = mountsOf(containerArguments({ ...plan, ipc: 'container:keeper' }));
    expect(used).toBe('type=volume,source=tmp-1,target=/tmp,volume-nocopy');
  });

  it('give no host name to a container that has the network of another', () => {
    expect(containerArguments({ ...plan, network: 'container:keeper' })).not.toContain('--hostname');
  });

  it('name the runtime where there is another', () => {
    expect(containerArguments({ ...plan, runtime: 'runsc' }).join(' ')).toContain('--runtime runsc');
  });
});

describe('the users of a container', () => {
  it('are the generated ones, with the number that it runs as', () => {
    const users = usersFor(generatedEtc({ kind: 'none' }), '1001:118');
    expect(users['passwd']).toContain('agent:x:1001:118:');
    expect(users['group']).toContain('agent:x:118:');
  });
});
