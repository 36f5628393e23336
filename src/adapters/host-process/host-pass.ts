import type { SandboxLimits } from '../../ports/sandbox.ts';

/** All that is needed to run commands on the machine itself, as plain data, so that another process can do so too. */
export interface HostPass {
  readonly kind: 'host';
  readonly rung: 'none' | 'seatbelt';
  readonly description: string;
  /** Absolute path; where commands run. */
  readonly workspace: string;
  /** Absolute path of what a pull request is measured against, if there is one. */
  readonly base?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
  /** What stands around commands; nothing for `none`. */
  readonly walls?: SeatbeltWalls;
}

/** Absolute paths; what is not named can be read, and nothing else can be written. */
export interface SeatbeltWalls {
  readonly closed: readonly string[];
  /** Within what is closed. */
  readonly shown: readonly string[];
  readonly writable: readonly string[];
  /** Within what is writable. */
  readonly readOnly: readonly string[];
  /** Files that are never read, wherever they are. */
  readonly credentials: readonly string[];
}
