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
ulimit -f "$2" || :
ulimit -d "$3" || :
ulimit -p "$4" 2>/dev/null || ulimit -u "$4" || :
shift 4
echo 1000 >/proc/self/oom_score_adj
while [ "$1" != -- ]; do export "$1"; shift; done
shift
printf '\\006'
exec 2>/dev/null
(exec "$@" 2>&4 4>&-)
exit $?`;

/**
 * Memory is bounded by what a process may write to (`ulimit -d`): the address space would be the wrong measure, since
 * node, Java and Go reserve far more of it than they use. When memory runs out on the machine, the kernel takes these
 * processes first (`oom_score_adj`).
 */
export function pidOne(
  limits: SandboxLimits,
  env: Readonly<Record<string, string>>,
  workspace: string = inside.workspace,
) {
  const fileBlocks = Math.ceil(limits.maxFileBytes / 512);
  const dataKilobytes = Math.ceil(limits.maxMemoryBytes / 1024);
  const bounds = [fileBlocks, dataKilobytes, limits.maxProcesses].map(String);
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return ({ argv, cwd }: Pick<SandboxCommand, 'argv' | 'cwd'>): readonly string[] => [
    '/bin/sh',
    '-c',
    script,
    'sandbox',
    posix.resolve(workspace, cwd ?? '.'),
    ...bounds,
    ...variables,
    '--',
    ...argv,
  ];
}
