import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EntropyError } from '../../domain/error.ts';
import { trustedProgram } from './trusted-program.ts';

const run = promisify(execFile);
const names = ['stdout', 'stderr', 'walls'] as const;
type PipeName = (typeof names)[number];

/** The streams of one command. What the walls themselves say never mixes with what the command says. */
export interface CommandPipes extends Disposable {
  readonly child: Readonly<Record<PipeName, number>> & { readonly stdin: number | 'ignore' };
  readonly ours: Readonly<Record<PipeName, Socket>>;
  /** Our copies of the child's ends; the streams end when the last process inside has closed its own. */
  closeChildEnds(): void;
}

/**
 * Real pipes for commands. What node makes by itself are sockets, and a socket cannot be opened again through
 * `/dev/stderr`, which many scripts do. Named pipes are made once and used by one command after the other; as many sets
 * as there are commands at the same time. Standard input is a file for the same reason: it can be opened again and ends.
 */
export function pipePool(folder: string) {
  const free: string[] = [];
  let made = 0;
  let inputs = 0;

  const make = async (): Promise<string> => {
    made += 1;
    const prefix = join(folder, `pipe-${made}-`);
    const mkfifo = trustedProgram('mkfifo');
    if (mkfifo === undefined) {
      throw new EntropyError({ code: 'E400', message: 'mkfifo is not on this machine', fix: 'install coreutils' });
    }
    await run(mkfifo, ['-m', '600', ...names.map((name) => `${prefix}${name}`)], { env: {} });
    return prefix;
  };

  return {
    async prepare(): Promise<void> {
      free.push(await make());
    },
    async take(input: Uint8Array | undefined): Promise<CommandPipes> {
      const prefix = free.pop() ?? (await make());
      inputs += 1;
      const stdin = input === undefined ? undefined : await inputFile(join(folder, `input-${inputs}`), input);
      return openPipes(prefix, stdin, () => free.push(prefix));
    },
  };
}

export type PipePool = ReturnType<typeof pipePool>;

/** Nameless once it is open, so that it is gone with the command. */
async function inputFile(path: string, input: Uint8Array): Promise<number> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(input);
  const reader = openSync(path, 'r');
  await unlink(path);
  return reader;
}

function openPipes(prefix: string, stdin: number | undefined, giveBack: () => void): CommandPipes {
  const [stdout, stderr, walls] = [
    openBoth(`${prefix}stdout`),
    openBoth(`${prefix}stderr`),
    openBoth(`${prefix}walls`),
  ];
  const ours = { stdout: reading(stdout), stderr: reading(stderr), walls: reading(walls) };
  let childEnds = [stdout.writer, stderr.writer, walls.writer, ...(stdin === undefined ? [] : [stdin])];
  const closeChildEnds = (): void => {
    for (const end of childEnds) closeSync(end);
    childEnds = [];
  };
  return {
    ours,
    child: { stdin: stdin ?? 'ignore', stdout: stdout.writer, stderr: stderr.writer, walls: walls.writer },
    closeChildEnds,
    [Symbol.dispose]() {
      closeChildEnds();
      for (const name of names) ours[name].destroy();
      giveBack();
    },
  };
}

interface Ends {
  readonly reader: number;
  readonly writer: number;
}

function reading({ reader }: Ends): Socket {
  return new Socket({ fd: reader, readable: true, writable: false });
}

/** Opening one end waits for the other, so a third descriptor stands in for both meanwhile (Linux allows that). */
function openBoth(path: string): Ends {
  const both = openSync(path, constants.O_RDWR);
  const reader = openSync(path, constants.O_RDONLY);
  const writer = openSync(path, constants.O_WRONLY);
  closeSync(both);
  return { reader, writer };
}
