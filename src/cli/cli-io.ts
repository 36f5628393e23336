import type { CliEnvironment } from '../runtime/cli-environment.ts';
import type { Paint } from './paint.ts';

/** A stream of this process: what is needed to write to it and to know who reads it. */
export interface Channel {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** What a command gets: where to write, what it may know, and when to stop. Tests pass their own. */
export interface CliIo {
  /** Data only. */
  readonly stdout: Channel;
  /** Progress, notes and errors. */
  readonly stderr: Channel;
  readonly stdinIsTerminal: boolean;
  readonly environment: CliEnvironment;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Colours for stdout and stderr; each only when it is a terminal or was asked for. */
  readonly paintOut: Paint;
  readonly paintErr: Paint;
  /** Resolves when the person ends the command; from then on an interruption is the normal end, not a cancellation. */
  untilStopped(): Promise<void>;
}

/** How a command hands its work to the entry, which gives it its `CliIo` and keeps its exit code. */
export interface Cli {
  /** An `ExitCode`, or that of the command that was run in our place. */
  run(handler: (io: CliIo) => Promise<number>): Promise<void>;
}
