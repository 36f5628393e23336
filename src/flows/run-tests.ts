import { shell } from '../agent/sandbox-command.ts';
import { stripStyles } from '../agent/terminal-styles.ts';
import { clipCapture } from '../domain/output-clip.ts';
import type { TestRun } from '../domain/test-run.ts';
import type { Sandbox } from '../ports/sandbox.ts';

/** A suite that has not ended by then hangs, or is not one to run at every submission. */
const longestTestMs = 10 * 60_000;
const shownCharacters = 12_000;

/** The repository's own tests, in the sandbox. The command comes from the trusted configuration. */
export async function runTests(
  test: { readonly command: string; readonly sandbox: Sandbox; readonly remainingMs: number },
  signal: AbortSignal,
): Promise<TestRun> {
  const exit = await test.sandbox.run(
    {
      argv: shell(test.command),
      timeoutMs: Math.max(1, Math.min(longestTestMs, test.remainingMs)),
      maxOutputBytes: 4 * shownCharacters,
    },
    signal,
  );
  return {
    command: test.command,
    exitCode: exit.timedOut ? null : exit.exitCode,
    timedOut: exit.timedOut,
    durationMs: Math.round(exit.durationMs),
    output: stripStyles(clipCapture(exit.stdout, shownCharacters)),
  };
}
