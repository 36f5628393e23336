import { appendFileSync } from 'node:fs';
import { describeError, EntropyError } from '../domain/error.ts';
import { faultNote } from '../domain/fault-note.ts';
import { runnerCommand, runnerValue } from '../domain/runner-command.ts';
import { redactAll } from '../domain/secret-guard.ts';
import { savedStates } from './close-state.ts';
import { readCommandFile } from './config.ts';
import { processGuard } from './process-guard.ts';

/**
 * What an action says to its runner, without what this process knows as a secret. Written by ourselves: `@actions/core` brings a second HTTP client, which takes
 * 100 ms and 30 MB in every step of every job.
 */
export interface ActionIo {
  outputs(values: Readonly<Record<string, string>>): Promise<void>;
  summary(markdown: string): Promise<void>;
  /** Something that the `post` step of the same action must know. */
  saveState(name: string, value: string): Promise<void>;
  notice(message: string): Promise<void>;
  warning(message: string): Promise<void>;
  /** Makes the step red. */
  fail(message: string): Promise<void>;
  /** An output that is a secret, for a later step of the same job; the runner hides it in all logs. */
  secretOutput(name: string, value: string): Promise<void>;
  /** The runner hides the value in all logs from here on. */
  mask(secret: string): Promise<void>;
}

export function createActionIo(): ActionIo {
  const tell = (name: Parameters<typeof runnerCommand>[0], text: string): void =>
    void process.stdout.write(runnerCommand(name, processGuard().redact(text)));
  const mask = async (secret: string): Promise<void> => void process.stdout.write(runnerCommand('add-mask', secret));
  const append = (file: Parameters<typeof readCommandFile>[0], text: string): void => {
    const path = readCommandFile(file);
    if (path === undefined) tell('warning', `the runner gave no ${file}: what this step hands over is lost`);
    else appendFileSync(path, text);
  };
  const entry = (name: string, value: string): string => {
    // Loaded when it is needed: an agent's first request waits for this file.
    const { randomUUID } = process.getBuiltinModule('node:crypto');
    return runnerValue(name, value, `entropy_${randomUUID()}`);
  };
  return {
    outputs: async (values) => {
      const entries = Object.entries(values).map(([name, value]) => entry(name, processGuard().redact(value)));
      append('GITHUB_OUTPUT', entries.join(''));
    },
    summary: async (markdown) => append('GITHUB_STEP_SUMMARY', `${processGuard().redact(markdown)}\n`),
    saveState: async (name, value) => append('GITHUB_STATE', entry(name, value)),
    notice: async (message) => tell('notice', message),
    warning: async (message) => tell('warning', message),
    fail: async (message) => {
      process.exitCode = 1;
      tell('error', message);
    },
    secretOutput: async (name, value) => {
      await mask(value);
      append('GITHUB_OUTPUT', entry(name, value));
    },
    mask,
  };
}

/** An error as a log of Actions shows it: what, why, fix. */
export function errorText(error: unknown): string {
  if (!(error instanceof EntropyError)) return `E900 ${describeError(error)}`;
  const why = error.why === undefined ? '' : `\n  why   ${error.why}`;
  return `${error.code} ${error.message}${why}\n  fix   ${error.fix}\n  more  docs/errors.md#${error.code.toLowerCase()}`;
}

/**
 * Runs the main step of an action: a cancel of the runner (SIGINT, then SIGTERM) aborts the signal, a thrown error makes
 * the step red with its fix.
 */
export async function runAction(step: (io: ActionIo, signal: AbortSignal) => Promise<void>): Promise<void> {
  const io = createActionIo();
  const cancel = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => cancel.abort(new Error('the workflow run was cancelled')));
  }
  try {
    await step(io, cancel.signal);
  } catch (error) {
    await io.saveState(
      savedStates.fault,
      JSON.stringify(redactAll(faultNote(error, cancel.signal), processGuard().redact)),
    );
    await io.fail(errorText(error));
  }
}
