import { EntropyError } from '../domain/error.ts';
import type { ExitCode } from '../domain/outcome.ts';
import { readTerminalHabits } from '../runtime/config.ts';
import type { Channel } from './cli-io.ts';
import { createPaint } from './paint.ts';
import { asEntropyError, errorJson, errorText, exitCodeOfError } from './print-error.ts';

export interface ErrorPlaces {
  readonly stdout: Channel;
  readonly stderr: Channel;
  readonly json: boolean;
  /** The person interrupted it and knows why it ended. */
  readonly quiet: boolean;
}

/** Tells a thrown thing to whoever reads, and gives the exit code that it deserves. */
export function reportError(thrown: unknown, { stdout, stderr, json, quiet }: ErrorPlaces): ExitCode {
  const error = quiet ? interrupted(thrown) : asEntropyError(thrown);
  const { color, debug } = readTerminalHabits();
  if (json) stdout.write(errorJson(error));
  else if (!quiet) stderr.write(errorText(error, createPaint(color, stderr.isTTY === true), debug));
  return exitCodeOfError(error);
}

/** What ended only because it was told to is no fault of ours; an error with a code of its own stays what it is. */
function interrupted(thrown: unknown): EntropyError {
  if (thrown instanceof EntropyError) return thrown;
  return new EntropyError({
    code: 'E105',
    message: 'stopped before the work was over',
    fix: 'start it again when you like',
    cause: thrown,
  });
}
