import { clipCapture } from '../domain/output-clip.ts';
import type { SandboxExit } from '../ports/sandbox.ts';
import { fileTimeoutMs, runCommand, script, smallOutput } from './sandbox-command.ts';
import type { ToolContext } from './tool.ts';

const codes = { folder: 51, special: 52, parent: 53, readOnly: 54, short: 55, notReplaced: 56 } as const;

/** Beside the file, so that the last step is a rename within one file system; calls come one after the other. */
const temporaryName = '.entropy-write-in-progress';

/**
 * `$1` the file, `$2` the number of bytes on standard input, `$3` the temporary name. The new content is complete on
 * disk before it takes the file's place, and until then the old file is untouched. `cp -p` gives the temporary file the
 * mode of the old one; a symlink stays one and its target is written.
 */
const writeScript = `
f=$1
[ -L "$f" ] && f=$(readlink -f -- "$f")
[ -d "$f" ] && exit ${codes.folder}
[ -e "$f" ] && [ ! -f "$f" ] && exit ${codes.special}
d=$(dirname -- "$f")
mkdir -p -- "$d" || exit ${codes.parent}
t=$d/$3
trap 'rm -f -- "$t"' EXIT
rm -f -- "$t"
if [ -e "$f" ]; then
  [ -w "$f" ] || exit ${codes.readOnly}
  cp -p -- "$f" "$t" || exit ${codes.notReplaced}
  old=replaced
  LC_ALL=C grep -q "$(printf '\\r')\\$" "$f" && old=replaced-crlf
else
  old=created
fi
cat > "$t" || exit ${codes.short}
[ "$(wc -c < "$t")" -eq "$2" ] || exit ${codes.short}
mv -f -- "$t" "$f" || exit ${codes.notReplaced}
echo "$old"
`;
/** Only for a write that was killed: its own trap did not run. */
const sweepScript = 'f=$1; [ -L "$f" ] && f=$(readlink -f -- "$f"); rm -f -- "$(dirname -- "$f")/$2"';

export type WriteResult =
  | { readonly kind: 'written'; readonly existed: boolean; readonly hadCrlf: boolean }
  | { readonly kind: 'failed'; readonly message: string; readonly summary: string };

/** Puts bytes into a file: all of them or none. The caller has checked the path. */
export async function writeBytes(
  file: { readonly path: string; readonly argument: string; readonly bytes: Uint8Array },
  context: ToolContext,
): Promise<WriteResult> {
  let exit: SandboxExit;
  try {
    exit = await runCommand(context, {
      argv: script(writeScript, file.argument, String(file.bytes.length), temporaryName),
      stdin: file.bytes,
      timeoutMs: fileTimeoutMs,
      maxOutputBytes: smallOutput,
      files: { kind: 'write', path: file.argument },
    });
  } catch (error) {
    await sweep(file.argument, context);
    throw error;
  }
  if (exit.exitCode === null) await sweep(file.argument, context);
  const said = clipCapture(exit.stdout, 100).trim();
  if (exit.exitCode === 0) return { kind: 'written', existed: said !== 'created', hadCrlf: said === 'replaced-crlf' };
  return { kind: 'failed', ...writeProblem(file.path, exit) };
}

/** The run may be cancelled already, so this has a deadline of its own. */
async function sweep(argument: string, context: ToolContext): Promise<void> {
  const command = {
    argv: script(sweepScript, argument, temporaryName),
    timeoutMs: 5_000,
    maxOutputBytes: smallOutput,
    files: { kind: 'write', path: argument } as const,
  };
  await context.sandbox.run(command, AbortSignal.timeout(5_000));
}

function writeProblem(path: string, exit: SandboxExit): { message: string; summary: string } {
  const said = clipCapture(exit.stderr, 1_000).trim();
  const because = said === '' ? '' : ` (${said})`;
  switch (exit.exitCode) {
    case codes.folder:
      return { message: `${path} is a folder; name a file.`, summary: '✗ folder' };
    case codes.special:
      return { message: `${path} is not a regular file.`, summary: '✗ special file' };
    case codes.parent:
      return { message: `The folder of ${path} cannot be created${because}.`, summary: '✗ folder' };
    case codes.readOnly:
      return { message: `${path} is read-only. chmod u+w allows writing.`, summary: '✗ read-only' };
    case codes.short:
      return {
        message: `${path} was not changed: its new content could not be stored${because}.`,
        summary: '✗ failed',
      };
    default: {
      const how = exit.timedOut ? 'it took too long' : (exit.signal ?? `exit code ${exit.exitCode}`);
      return { message: `${path} was not changed: ${said === '' ? how : said}.`, summary: '✗ failed' };
    }
  }
}
