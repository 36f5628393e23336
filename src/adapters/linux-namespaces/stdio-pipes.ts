import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EntropyError } from '../../domain/error.ts';
import { trustedProgram } from './trusted-program.ts';

const run = promisify(execFile);

/** Both ends of one command's standard streams. */
export interface StdioPipes extends Disposable {
  readonly child: { readonly stdin: number | 'ignore'; readonly stdout: number; readonly stderr: number };
  readonly stdin: Socket | undefined;
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** Our copies of the child's ends; the streams end when the last process inside has closed its own. */
  closeChildEnds(): void;
}

/**
 * Real pipes for commands. What node makes by itself are sockets, and a socket cannot be opened again through
 * `/dev/stdin` or `/dev/stderr`, which many shell scripts do. Named pipes are made once and used by one command after
 * the other; as many sets as there are commands at the same time.
 */
export function pipePool(folder: string) {
  const free: string[] = [];
  let made = 0;

  const make = async (): Promise<string> => {
    made += 1;
    const prefix = join(folder, `pipe-${made}-`);
    const mkfifo = trustedProgram('mkfifo');
    if (mkfifo === undefined) {
      throw new EntropyError({ code: 'E400', message: 'mkfifo is not on this machine', fix: 'install coreutils' });
    }
    await run(mkfifo, ['-m', '600', ...['in', 'out', 'err'].map((name) => `${prefix}${name}`)], { env: {} });
    return prefix;
  };

  return {
    async prepare(): Promise<void> {
      free.push(await make());
    },
    async take(withStdin: boolean): Promise<StdioPipes> {
      const prefix = free.pop() ?? (await make());
      return openPipes(prefix, withStdin, () => free.push(prefix));
    },
  };
}

export type PipePool = ReturnType<typeof pipePool>;

function openPipes(prefix: string, withStdin: boolean, giveBack: () => void): StdioPipes {
  const stdin = withStdin ? openBoth(`${prefix}in`) : undefined;
  const stdout = openBoth(`${prefix}out`);
  const stderr = openBoth(`${prefix}err`);
  const sockets = {
    stdin: stdin && new Socket({ fd: stdin.writer, readable: false, writable: true }),
    stdout: new Socket({ fd: stdout.reader, readable: true, writable: false }),
    stderr: new Socket({ fd: stderr.reader, readable: true, writable: false }),
  };
  let childEnds = [stdin?.reader, stdout.writer, stderr.writer].filter((end) => end !== undefined);
  const closeChildEnds = (): void => {
    for (const end of childEnds) closeSync(end);
    childEnds = [];
  };
  return {
    ...sockets,
    child: { stdin: stdin?.reader ?? 'ignore', stdout: stdout.writer, stderr: stderr.writer },
    closeChildEnds,
    [Symbol.dispose]() {
      closeChildEnds();
      for (const socket of [sockets.stdin, sockets.stdout, sockets.stderr]) socket?.destroy();
      giveBack();
    },
  };
}

/** Opening one end waits for the other, so a third descriptor stands in for both meanwhile (Linux allows that). */
function openBoth(path: string): { reader: number; writer: number } {
  const both = openSync(path, constants.O_RDWR);
  const reader = openSync(path, constants.O_RDONLY);
  const writer = openSync(path, constants.O_WRONLY);
  closeSync(both);
  return { reader, writer };
}
