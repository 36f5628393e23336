import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { emptyImage } from '../../domain/docker-arguments.ts';
import type { SandboxCommand } from '../../ports/sandbox.ts';
import { pidOne } from './pid-one.ts';
import { type ProcessTree, processesBelow } from './process-tree.ts';
import type { CommandLaunch, SandboxPass } from './sandbox-pass.ts';

const requestMs = 10_000;
const againMs = 200;

/** Each command is a container of its own: when its first process ends, the kernel ends all others. */
export function dockerLaunch(pass: SandboxPass): (command: SandboxCommand) => CommandLaunch {
  const argumentsOf = pidOne(pass, { ownDescriptor4: false, countsAllOfUser: true });
  const { program, args } = pass.walls;
  const client = { program, args: args.slice(0, args.indexOf('run')) };
  return (command) => {
    const name = `entropy-${randomUUID()}`;
    const input = command.stdin === undefined ? [] : ['--interactive'];
    return {
      // `env -i`: an engine gives its containers variables of its own.
      args: ['--name', name, ...input, '--entrypoint', '/usr/bin/env', emptyImage, '-i', ...argumentsOf(command)],
      tree: containerTree(client, name),
      errors: 'shared',
    };
  };
}

function containerTree(client: Pick<SandboxPass['walls'], 'program' | 'args'>, name: string): ProcessTree {
  let first: 'unasked' | 'asked' | number = 'unasked';
  const ask = (rest: readonly string[], answered: (stdout: string | undefined) => void): void => {
    execFile(client.program, [...client.args, ...rest], { env: {}, cwd: '/', timeout: requestMs }, (error, stdout) =>
      answered(error === null ? stdout : undefined),
    );
  };
  return {
    kill(pid) {
      // It may not be there yet: until the client has told its end, or whoever waits for that gives up.
      const again = (): void => {
        if (isThere(pid)) ask(['kill', name], () => setTimeout(again, againMs).unref());
      };
      again();
    },
    processes() {
      if (typeof first === 'number') return processesBelow(first);
      if (first === 'asked') return [];
      first = 'asked';
      ask(['inspect', '--format', '{{.State.Pid}}', name], (stdout) => {
        const pid = Number(stdout?.trim());
        first = pid > 0 ? pid : 'unasked';
      });
      return [];
    },
  };
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // The client has ended, and with it the container.
    return false;
  }
}
