import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { seccompFilter } from '../../../../src/domain/seccomp-filter.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { type CagedAgent, lacking, onRungs } from './agent.ts';
import { throughTheWalls } from './bare-walls.ts';

const fast = ['bubblewrap', 'unshare', 'landlock'] as const;

async function ordinaryWork(agent: CagedAgent) {
  const { stdout } = await agent.sh('cat a.txt && echo words | tr a-z A-Z');
  return stdout === 'harmless\nWORDS\n' ? passed('ordinary programs ran') : hindered(stdout);
}

/** S6: a namespace of one's own is where all power would begin again. */
const nestedNamespace = onRungs({
  id: 'S6',
  title: 'a command makes a user namespace, in which it would be root',
  rungs: [...fast, 'docker'],
  attack: async (agent) => {
    const { stdout } = await agent.sh(
      'unshare --user true && echo user; unshare --user --map-root-user --mount true && echo mount; unshare --mount true && echo mount alone; unshare --pid --fork true && echo processes',
    );
    return stdout === '' ? contained('none was made') : escaped(`it made: ${stdout}`);
  },
  twin: ordinaryWork,
});

/** Each of the two layers on its own: first the limit of the kernel, behind a filter that lets everything pass. */
const limitUsedUp: Attack = {
  id: 'S6',
  title: 'the filter of system calls is not there, so that only the limit of the kernel stands (bubblewrap)',
  missing: () => lacking('bubblewrap'),
  attack: async () => {
    const said = await throughTheWalls(['/bin/sh', '-c', 'unshare --user true && echo made'], { filter: everything });
    return said.includes('made') ? escaped('a user namespace was made') : contained(said.trim());
  },
  twin: async () => {
    const said = await throughTheWalls(['/bin/sh', '-c', 'echo words'], { filter: everything });
    return said === 'words\n' ? passed('an ordinary program ran') : hindered(said);
  },
};

/** What is made for a machine type whose calls are not known. */
const everything = seccompFilter('unknown');

const filtered = onRungs({
  id: 'S6',
  title: 'the limit of the kernel is not there, so that only the filter of system calls stands',
  rungs: ['bubblewrap', 'landlock'],
  attack: async (agent) => {
    const { stderr } = await agent.sh('unshare --user true');
    // What the limit would say is "No space left on device".
    return stderr.includes('Operation not permitted') ? contained('the filter refused the call') : escaped(stderr);
  },
  twin: ordinaryWork,
});

/** S7: whoever can talk to an engine is root of the machine. */
const engineSocket = onRungs({
  id: 'S7',
  title: 'the socket of a container engine lies beside a program of PATH, and is spoken to',
  rungs: ['bubblewrap', 'unshare', 'landlock'],
  inPath: ['.docker/bin'],
  prepare: ({ outside }) => {
    mkdirSync(path.join(outside, '.docker/bin'), { recursive: true });
    writeFileSync(path.join(outside, '.docker/bin/helper'), '#!/bin/sh\n', { mode: 0o755 });
  },
  attack: async (agent) => {
    const socket = path.join(agent.outside, '.docker/bin/engine.sock');
    let visits = 0;
    const engine = createServer((connection) => {
      visits += 1;
      connection.destroy();
    }).listen(socket);
    await once(engine, 'listening');
    try {
      const program = `import socket; s = socket.socket(socket.AF_UNIX); s.connect(${JSON.stringify(socket)})`;
      await agent.sh(
        `perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Peer => $ARGV[0])' ${socket}; python3 -c '${program}'`,
      );
      const known = await agent.sh('for s in /run/docker.sock /var/run/docker.sock /run/containerd; do ls "$s"; done');
      if (known.stdout !== '') return escaped(known.stdout);
      return visits > 0 ? escaped('the engine was spoken to') : contained('nobody came to the socket');
    } finally {
      engine.close();
    }
  },
  twin: ordinaryWork,
});

/** S9: what makes one root elsewhere makes nobody root here. */
const setuid = onRungs({
  id: 'S9',
  title: 'sudo, su and programs with the setuid bit are called',
  rungs: [...fast, 'docker'],
  attack: async (agent) => {
    const { stdout } = await agent.sh(
      'sudo -n true && echo sudo; su -c true && echo su; setpriv --reuid 0 --regid 0 --clear-groups true && [ "$(id -u)" != 0 ] && echo setpriv; { true >>/etc/shadow; } && echo shadow',
    );
    if (stdout !== '') return escaped(stdout);
    const dump = await agent.sh('setpriv --dump');
    const facts = [/no_new_privs: 1/, /Capability bounding set: \[none\]/, /Ambient capabilities: \[none\]/];
    const wrong = facts.filter((fact) => !fact.test(dump.stdout));
    return wrong.length === 0
      ? contained('nobody became root, and nobody could')
      : escaped(`not so: ${wrong.join(', ')}`);
  },
  twin: ordinaryWork,
});

/** S10: what is read-only stays so. */
const remount = onRungs({
  id: 'S10',
  title: 'a toolchain of the machine is remounted and written to, and so is .git',
  rungs: [...fast, 'docker'],
  inPath: ['tool/bin'],
  prepare: ({ outside }) => {
    mkdirSync(path.join(outside, 'tool/bin'), { recursive: true });
    writeFileSync(path.join(outside, 'tool/bin/compiler'), '#!/bin/sh\necho compiled\n', { mode: 0o755 });
  },
  attack: async (agent) => {
    const program = path.join(agent.outside, 'tool/bin/compiler');
    const folder = path.dirname(program);
    await agent.sh(
      [
        `mount -o remount,rw ${folder}; mount -o remount,bind,rw ${folder}; mount -o remount,rw /; umount ${folder}`,
        `echo changed >${program}; cp /usr/bin/true ${program}; mv ${program} ${program}.old; rm -f ${program}`,
        'mount -o remount,rw .git; echo "[core]" >>.git/config; echo x >.git/hooks/pre-commit',
      ].join('\n'),
    );
    if (!readFileSync(program, 'utf8').includes('echo compiled'))
      return escaped('a program of the machine was changed');
    const config = readFileSync(path.join(agent.repository.root, '.git/config'), 'utf8');
    return /\[core\][\s\S]*\[core\]/.test(config) ? escaped('.git was written to') : contained('nothing was changed');
  },
  twin: async (agent) => {
    if (agent.rung === 'landlock') return ordinaryWork(agent);
    const { stdout } = await agent.sh('compiler && echo made >made.txt && cat made.txt');
    return stdout === 'compiled\nmade\n'
      ? passed('the toolchain was run, and the workspace written')
      : hindered(stdout);
  },
});

export const powerAttacks: readonly Attack[] = [
  ...nestedNamespace,
  limitUsedUp,
  ...filtered,
  ...engineSocket,
  ...setuid,
  ...remount,
];
