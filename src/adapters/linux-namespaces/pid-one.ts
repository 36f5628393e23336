import { posix } from 'node:path';
import { inside } from '../../domain/sandbox-layout.ts';
import type { SandboxCommand, SandboxLimits } from '../../ports/sandbox.ts';

/** First byte on standard output, written right before the command starts: without it the walls failed, not the command. */
export const startedByte = 0x06;

/**
 * Process 1 of every command. A shell, so that the command itself has ordinary signals and its orphans are reaped; when
 * it ends the kernel ends all others, and only then is its own end reported: nothing outlives `run`.
 * Descriptor 4 is the command's standard error; this shell's own, which the walls share, is not for the command.
 * `exec` in a subshell starts a program even where the shell has a builtin of that name.
 */
const script = `set -u
cd -P -- "$1" || exit 1
ulimit -c 0
ulimit -f "$2" 2>/dev/null || :
ulimit -d "$3" 2>/dev/null || :
ulimit -p "$4" 2>/dev/null || ulimit -u "$4" 2>/dev/null || :
shift 4
{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null
while [ "$1" != -- ]; do export "$1"; shift; done
shift
printf '\\006'
exec 2>/dev/null
(exec "$@" 2>&4 4>&-)
exit $?`;

/** What differs between rungs in how a command begins. */
export interface Beginning {
  /** Where the workspace is, as the command sees it. */
  readonly workspace?: string;
  /** Whether the command's standard error comes as descriptor 4, apart from what the walls say; it does by default. */
  readonly ownDescriptor4?: boolean;
  /** Whether the kernel would count the user's processes on the whole machine; then it is not asked to bound them. */
  readonly countsAllOfUser?: boolean;
}

/**
 * Memory is bounded by what a process may write to (`ulimit -d`): the address space would be the wrong measure, since
 * node, Java and Go reserve far more of it than they use. When memory runs out on the machine, the kernel takes these
 * processes first (`oom_score_adj`).
 */
export function pidOne(
  { limits, env }: { readonly limits: SandboxLimits; readonly env: Readonly<Record<string, string>> },
  { workspace = inside.workspace, ownDescriptor4 = true, countsAllOfUser = false }: Beginning = {},
) {
  const fileBlocks = Math.ceil(limits.maxFileBytes / 512);
  const dataKilobytes = Math.ceil(limits.maxMemoryBytes / 1024);
  const processes = countsAllOfUser ? 'unlimited' : limits.maxProcesses;
  const bounds = [fileBlocks, dataKilobytes, processes].map(String);
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const source = ownDescriptor4 ? script : `exec 4>&2\n${script}`;
  return ({ argv, cwd }: Pick<SandboxCommand, 'argv' | 'cwd'>): readonly string[] => [
    '/bin/sh',
    '-c',
    source,
    'sandbox',
    posix.resolve(workspace, cwd ?? '.'),
    ...bounds,
    ...variables,
    '--',
    ...argv,
  ];
}
