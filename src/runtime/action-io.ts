import { describeError, EntropyError } from '../domain/error.ts';
import { faultNote } from '../domain/fault-note.ts';
import { savedStates } from './close-state.ts';

/**
 * What an action says to its runner. `@actions/core` does the escaping and the files; it is loaded with the first call,
 * because it takes longer to load than everything before the first request to a model.
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
  /** The runner hides the value in all logs from here on. */
  mask(secret: string): Promise<void>;
}

export function createActionIo(): ActionIo {
  const core = () => import('@actions/core');
  return {
    outputs: async (values) => {
      const { setOutput } = await core();
      for (const [name, value] of Object.entries(values)) setOutput(name, value);
    },
    summary: async (markdown) => {
      const { summary } = await core();
      await summary.addRaw(markdown, true).write();
    },
    saveState: async (name, value) => (await core()).saveState(name, value),
    notice: async (message) => (await core()).notice(message),
    warning: async (message) => (await core()).warning(message),
    fail: async (message) => (await core()).setFailed(message),
    mask: async (secret) => (await core()).setSecret(secret),
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
    await io.saveState(savedStates.fault, JSON.stringify(faultNote(error, cancel.signal)));
    await io.fail(errorText(error));
  }
}
