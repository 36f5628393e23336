import { clipCapture, shownCharacters } from '../../domain/output-clip.ts';
import { describeExceeded } from '../../domain/resource-use.ts';
import type { SandboxExit } from '../../ports/sandbox.ts';
import { runCommand, shell } from '../sandbox-command.ts';
import { stripStyles } from '../terminal-styles.ts';
import { defineTool, refusal, type ToolOutcome } from '../tool.ts';

const defaultTimeoutSeconds = 120;
const longestTimeoutSeconds = 1_800;
/** Linux takes 128 KiB for one argument. */
const longestCommandBytes = 120_000;
/** Bytes kept for a result of 16,000 characters, whatever the characters are. */
const keptBytes = 4 * shownCharacters;

export const bash = defineTool({
  name: 'bash',
  description:
    'Runs a shell command in the workspace root. Each call is a new shell; no process outlives it. No network but what the task names, no terminal, no input. Long output keeps its beginning and end.',
  input: {
    type: 'object',
    properties: {
      command: { type: 'string', description: 'The command.', minLength: 1 },
      timeout_seconds: {
        type: 'integer',
        description: `Default ${defaultTimeoutSeconds}.`,
        minimum: 1,
        maximum: longestTimeoutSeconds,
      },
    },
    required: ['command'],
    additionalProperties: false,
  },
  subject: (input) => input.command,
  run: async (input, context) => {
    if (input.command.includes('\0')) {
      return refusal('The command holds a NUL character, which no shell takes.', '✗ refused');
    }
    if (Buffer.byteLength(input.command) > longestCommandBytes) {
      return refusal('The command is too long; put data into a file with write_file first.', '✗ refused');
    }
    const exit = await runCommand(context, {
      argv: shell(input.command),
      timeoutMs: (input.timeout_seconds ?? defaultTimeoutSeconds) * 1000,
      maxOutputBytes: keptBytes,
    });
    return describeExit(exit);
  },
});

function describeExit(exit: SandboxExit): ToolOutcome {
  const printed = stripStyles(clipCapture(exit.stdout, shownCharacters - 300));
  const seconds = Math.max(1, Math.round(exit.durationMs / 1000));
  if (exit.exceeded !== undefined) {
    const note = `[ended by force: ${describeExceeded(exit.exceeded)}]`;
    return { ok: false, output: withNote(printed, note), summary: `✗ ${exit.exceeded}` };
  }
  if (exit.timedOut) {
    const after = `[stopped after ${seconds} s: it had not ended. ${printed === '' ? 'It printed nothing.' : 'Above is what it printed.'} A longer timeout_seconds or a narrower command may help.]`;
    return { ok: false, output: withNote(printed, after), summary: `✗ timeout ${seconds} s` };
  }
  if (exit.exitCode === null) {
    const signal = exit.signal ?? 'a signal';
    return { ok: false, output: withNote(printed, `[ended by ${signal}]`), summary: `✗ ${signal}` };
  }
  if (exit.exitCode !== 0) {
    return {
      ok: false,
      output: withNote(printed, `[exit code ${exit.exitCode}]`),
      summary: `✗ exit ${exit.exitCode}`,
    };
  }
  return { ok: true, output: printed === '' ? '[exit code 0, nothing printed]' : printed, summary: '✔' };
}

function withNote(printed: string, note: string): string {
  return printed === '' || printed.endsWith('\n') ? `${printed}${note}` : `${printed}\n${note}`;
}
