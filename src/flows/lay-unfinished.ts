import { EntropyError } from '../domain/error.ts';
import type { PatchFile } from '../domain/patch.ts';
import { contentBytes } from '../domain/patch-check.ts';
import type { Task } from '../domain/task.ts';
import type { Sandbox } from '../ports/sandbox.ts';

const timeoutMs = 60_000;
const writing = 'rm -f -- "$1" && mkdir -p -- "$(dirname -- "$1")" && cat > "$1" && chmod "$2" "$1"';
const removing = 'rm -f -- "$1"';

/**
 * Puts what an earlier run left into the workspace, after its start was marked: it counts as this run's own change, and is checked
 * with it. It is done in the sandbox, so that no link leads out.
 */
export async function layUnfinished({ unfinished }: Task, sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  for (const file of unfinished?.patch.files ?? []) {
    const { path } = file;
    const exit = await sandbox.run(
      { ...commandFor(file), timeoutMs, maxOutputBytes: 4_096, files: { kind: 'write', path } },
      signal,
    );
    if (exit.exitCode === 0) continue;
    const said = new TextDecoder().decode(exit.stderr.head).trim().slice(0, 300);
    throw new EntropyError({
      code: 'E403',
      message: `what an earlier run left could not be put into the workspace: ${said}`,
      fix: 'comment /agent fix, which starts anew',
    });
  }
}

function commandFor(file: PatchFile): { readonly argv: readonly [string, ...string[]]; readonly stdin?: Uint8Array } {
  const path = `./${file.path}`;
  if (file.change === 'deleted') return { argv: ['/bin/sh', '-c', removing, 'sh', path] };
  const mode = file.mode === '100755' ? '755' : '644';
  return { argv: ['/bin/sh', '-c', writing, 'sh', path, mode], stdin: contentBytes(file) ?? new Uint8Array() };
}
