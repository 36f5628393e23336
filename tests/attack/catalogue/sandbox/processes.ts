import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bubblewrapSandbox } from '../../../../src/adapters/linux-namespaces/bubblewrap.ts';
import { plantedCanary } from '../../../../src/adapters/linux-namespaces/planted-canary.ts';
import { EntropyError } from '../../../../src/domain/error.ts';
import { openSandbox } from '../../../../src/flows/open-sandbox.ts';
import { defaultSandboxLimits, type SandboxProvider } from '../../../../src/ports/sandbox.ts';
import { realRepository } from '../../../fakes/real-repository.ts';
import { processesWith } from '../../../fakes/sandbox-room.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { type CagedAgent, lacking, onRungs } from './agent.ts';
import { throughTheWalls } from './bare-walls.ts';

const fast = ['bubblewrap', 'unshare', 'landlock'] as const;

/** S3: whoever started the walls, and what it knew. */
const environmentOfTheFirst = onRungs({
  id: 'S3',
  title: 'the environment and the arguments of the first process and of all others',
  rungs: [...fast, 'docker'],
  attack: async (agent) => {
    const mark = `marked-${randomBytes(8).toString('hex')}`;
    const witness = spawn('/bin/sh', ['-c', 'read -r _', mark], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(witness, 'spawn');
    try {
      const { stdout } = await agent.sh(
        `cat /proc/1/environ /proc/self/environ /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'; env`,
      );
      if (stdout.includes(agent.secret)) return escaped('our own environment was read');
      return stdout.includes(mark)
        ? escaped('the arguments of a process of the machine were read')
        : contained('only processes of its own are there, with an environment of their own');
    } finally {
      witness.kill('SIGKILL');
    }
  },
  twin: ownProcess,
});

async function ownProcess(agent: CagedAgent) {
  const { stdout } = await agent.sh('echo "$HOME $PATH"');
  return /\/home\/agent .*\/usr\/bin/.test(stdout)
    ? passed('a command has the environment that it was given')
    : hindered(stdout);
}

/** The walls themselves, whatever their own environment is. */
const wallsWithAnEnvironment: Attack = {
  id: 'S3',
  title: 'the walls are put up by a process that has secrets in its environment (bubblewrap)',
  missing: () => lacking('bubblewrap'),
  attack: async () => {
    const said = await throughTheWalls(['/usr/bin/env'], { env: { ENTROPY_WALLS: 'of-the-walls' } });
    return said.includes('of-the-walls') ? escaped(said.slice(0, 200)) : contained('nothing of it came through');
  },
  twin: async () => {
    const said = await throughTheWalls(['/usr/bin/env']);
    return said.includes('PWD=') ? passed('a program behind the walls says its environment') : hindered(said);
  },
};

const child = fileURLToPath(new URL('../../../fakes/sandbox-child.ts', import.meta.url));
const hole = fileURLToPath(new URL('../../planted-hole.ts', import.meta.url));

/** Opens a sandbox in a process of its own, with the hole of this one, and runs a line in it. */
function inProcess(rung: string, root: string, line: string, open?: number) {
  const env = { ...process.env, TMPDIR: path.dirname(root) };
  const node = [process.execPath, '--import', hole, child, rung, root, line];
  // As runners do: node closes the low ones among those that it inherits, and no others.
  const leaving = open === undefined ? '' : 'exec 4<&3 7<&3 200<&3; ';
  return spawn('/bin/bash', ['-c', `${leaving}exec "$0" "$@"`, ...node], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', ...(open === undefined ? [] : [open])],
  });
}

/** S5: what a runner left open is nobody's inside. */
function inheritedDescriptor(rung: 'bubblewrap' | 'unshare' | 'landlock'): Attack {
  const read = async (line: string): Promise<string> => {
    using repository = realRepository({ 'a.txt': 'harmless\n' });
    const secret = path.join(repository.temp, 'secret');
    writeFileSync(secret, 'left open by the runner');
    const open = openSync(secret, 'r');
    try {
      const started = inProcess(rung, repository.root, line, open);
      let said = '';
      started.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
      started.stderr?.resume();
      await once(started, 'close');
      return said;
    } finally {
      closeSync(open);
    }
  };
  return {
    id: 'S5',
    title: `a descriptor that the runner left open is read (${rung})`,
    missing: () => lacking(rung),
    attack: async () => {
      const said = await read(`bash -c 'for d in 4 7 200; do cat <&$d; done' 2>/dev/null; cat a.txt`);
      if (!said.includes('harmless')) throw new Error(`the line did not run: ${said}`);
      return said.includes('left open') ? escaped('it was read') : contained('it was not there');
    },
    twin: async () => {
      const said = await read('cat a.txt; echo words | cat');
      return said.includes('words') ? passed('its own descriptors were read and written') : hindered(said);
    },
  };
}

/** S8: nothing is left of a command when it has ended, nor of all of them when we are killed. */
const daemonLeft = onRungs({
  id: 'S8',
  title: 'a command leaves a daemon behind',
  rungs: [...fast, 'docker'],
  attack: async (agent) => {
    const mark = `daemon-${randomBytes(8).toString('hex')}`;
    const start = `(setsid sh -c 'trap "" TERM HUP INT; sleep 20; : ${mark}' >/dev/null 2>&1 </dev/null &) ; echo started`;
    await agent.bash(start);
    const left = endAll(mark);
    return left > 0 ? escaped(`${left} processes ran on`) : contained('it was gone with the command');
  },
  twin: async (agent) => {
    if (agent.rung === 'landlock') {
      const { ok, output } = await agent.use('read_file', { path: 'a.txt' });
      return ok ? passed('the tools that start nothing work') : hindered(output);
    }
    const { ok, output } = await agent.bash('(sleep 0.05; echo late) & wait; echo waited');
    return ok && /late\nwaited/.test(output) ? passed('a command waited for what it had started') : hindered(output);
  },
});

/** How many processes there were with this mark; none is left. */
function endAll(mark: string): number {
  const left = processesWith(mark);
  for (const pid of left) if (isThere(pid)) process.kill(pid, 'SIGKILL');
  return left.length;
}

function outlivesUs(rung: 'bubblewrap' | 'unshare'): Attack {
  const start = async (line: string) => {
    const repository = realRepository({ 'a.txt': 'a\n' });
    const started = inProcess(rung, repository.root, line);
    started.stdout?.resume();
    await once(started.stderr ?? started, 'data');
    return { repository, started };
  };
  return {
    id: 'S8',
    title: `a daemon runs on when the process that watches it is killed (${rung})`,
    missing: () => lacking(rung),
    attack: async (signal) => {
      const mark = `orphan-${randomBytes(8).toString('hex')}`;
      const line = `setsid sh -c 'sleep 20; : ${mark}' & echo up; sleep 20; : ${mark}`;
      const { repository, started } = await start(line);
      using _gone = repository;
      const exited = once(started, 'exit');
      started.kill('SIGKILL');
      await exited;
      const deadline = performance.now() + 1_500;
      while (processesWith(mark).length > 0 && performance.now() < deadline && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const left = endAll(mark);
      return left > 0 ? escaped(`${left} processes ran on`) : contained('all of it ended with us');
    },
    twin: async () => {
      const { repository, started } = await start('echo up; sleep 0.1; echo done >kept.txt; echo done');
      using _gone = repository;
      const [code] = await once(started, 'close');
      return code === 0 ? passed('a command that ends by itself ends well') : hindered(`it ended with ${code}`);
    },
  };
}

/** S11: the runner keeps its secrets in memory. */
const memoryOfTheRunner = onRungs({
  id: 'S11',
  title: 'the memory of a process of the machine is read, and the process is found and signalled',
  rungs: [...fast, 'docker'],
  attack: async (agent) => {
    const mark = `runner-${randomBytes(8).toString('hex')}`;
    const runner = spawn('/bin/sh', ['-c', 'while :; do sleep 5; done', mark], { stdio: 'ignore', detached: true });
    await once(runner, 'spawn');
    const { pid = 0 } = runner;
    try {
      const { stdout } = await agent.sh(
        `head -c 10 /proc/${pid}/mem; cat /proc/${pid}/maps; grep -qs ${mark} /proc/${pid}/cmdline && echo seen; kill -9 ${pid}`,
      );
      // What a signal did is known outside a moment later.
      await new Promise((resolve) => setImmediate(resolve));
      if (runner.signalCode !== null || !isThere(pid)) return escaped('a process of the machine was ended');
      return stdout === '' ? contained('no process of the machine is there') : escaped(stdout.slice(0, 200));
    } finally {
      if (isThere(pid)) process.kill(-pid, 'SIGKILL');
    }
  },
  twin: ownProcess,
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // Gone: somebody ended it.
    return false;
  }
}

/** S11 where nothing hides the machine's processes: they are there, and cannot be reached. */
const signalsAndAttributes = onRungs({
  id: 'S11',
  title: 'a file tool that was turned into something else changes what Landlock does not look after',
  rungs: ['landlock'],
  attack: async (agent) => {
    const target = path.join(agent.outside, 'secret');
    const { stdout } = await agent.sh(
      `chmod 777 ${target} && echo changed; touch -d 2001-01-01 ${target} && echo aged`,
    );
    return stdout === '' ? contained('mode and times stayed') : escaped(stdout);
  },
  twin: ownProcess,
});

/** The last line: whatever a wall is made of, no key is loaded behind one that leaks. */
const leakingWalls: Attack = {
  id: 'S3',
  title: 'the walls have doors that nobody knows of, and the agent is about to start (the canary)',
  missing: () => lacking('bubblewrap'),
  attack: async (signal) => {
    const opened = await openSandbox({ ...leaky(), canary: plantedCanary() }, signal).catch(asError);
    if (!(opened instanceof EntropyError)) return escaped('the sandbox was opened');
    return opened.code === 'E401' ? contained(opened.message.slice(0, 200)) : escaped(opened.message);
  },
  twin: async (signal) => {
    const { options } = leaky();
    using repository = realRepository({ 'a.txt': 'a\n' });
    const sound = { providers: [bubblewrapSandbox()], options: { ...options, workspace: repository.root } };
    const { sandbox } = await openSandbox({ ...sound, canary: plantedCanary() }, signal);
    await sandbox[Symbol.asyncDispose]();
    return passed('walls that hold were taken');
  },
};

/** All of the machine, read-only, with its processes and its network. */
function leaky() {
  const options = {
    workspace: '/',
    network: { kind: 'none' } as const,
    limits: defaultSandboxLimits,
    env: {},
    hostPath: '/usr/bin:/bin',
  };
  const strong = bubblewrapSandbox();
  const provider: SandboxProvider = {
    ...strong,
    open: async () => ({
      rung: 'bubblewrap',
      description: 'with open doors',
      run: async ({ argv }) => {
        const bwrap = ['--unshare-user', '--ro-bind', '/', '/', '--dev', '/dev', '--', ...argv];
        const { status, stdout, stderr } = spawnSync('bwrap', bwrap, { timeout: 5_000 });
        const stream = (head: Uint8Array) => ({ head, tail: new Uint8Array(), omittedBytes: 0 });
        const said = { stdout: stream(stdout), stderr: stream(stderr) };
        return { exitCode: status, signal: null, timedOut: false, ...said, durationMs: 0 };
      },
      [Symbol.asyncDispose]: async () => undefined,
    }),
  };
  return { providers: [provider], options };
}

const asError = (error: unknown): unknown => error;

export const processAttacks: readonly Attack[] = [
  leakingWalls,
  ...environmentOfTheFirst,
  wallsWithAnEnvironment,
  ...(['bubblewrap', 'landlock'] as const).map(inheritedDescriptor),
  ...daemonLeft,
  ...(['bubblewrap', 'unshare'] as const).map(outlivesUs),
  ...memoryOfTheRunner,
  ...signalsAndAttributes,
];
