import { clipCapture } from '../domain/output-clip.ts';
import type { SandboxExit } from '../ports/sandbox.ts';
import { refusal, type ToolOutcome } from './tool.ts';

const codes = { missing: 40, folder: 41, special: 42, unreadable: 43 } as const;

/** Begins a script that reads the regular file `$1`; ends it with a code of its own otherwise (a pipe would hang for ever). */
export const testReadable = `[ -d "$1" ] && exit ${codes.folder}; [ -e "$1" ] || exit ${codes.missing}; [ -f "$1" ] || exit ${codes.special}; [ -r "$1" ] || exit ${codes.unreadable};`;

/** What went wrong with a file, in words that help; undefined when nothing did. */
export function fileProblem(path: string, exit: SandboxExit): ToolOutcome | undefined {
  if (exit.exitCode === 0) return undefined;
  switch (exit.exitCode) {
    case codes.missing:
      return refusal(`${path} does not exist. find_files or search can tell where it is.`, '✗ not found');
    case codes.folder:
      return refusal(`${path} is a folder. find_files lists what is in it.`, '✗ folder');
    case codes.special:
      return refusal(`${path} is not a regular file.`, '✗ special file');
    case codes.unreadable:
      return refusal(`${path} cannot be read: permission denied.`, '✗ permission');
    default: {
      const said = clipCapture(exit.stderr, 2_000).trim();
      const how = exit.timedOut ? 'it took too long' : said === '' ? `exit code ${exit.exitCode ?? exit.signal}` : said;
      return refusal(`${path}: ${how}`, exit.timedOut ? '✗ timeout' : '✗ failed');
    }
  }
}
