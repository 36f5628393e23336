import type { SandboxRung } from '../../domain/sandbox-rung.ts';
import type { SandboxLimits } from '../../ports/sandbox.ts';
import type { Launch } from './run-command.ts';

/**
 * All that is needed to run commands in a sandbox that stands: plain data, so that another process of the same user can
 * do so too. The sandbox stands as long as the process that opened it keeps it open.
 */
export interface SandboxPass {
  readonly rung: SandboxRung;
  readonly description: string;
  /** What puts the walls up around a command, before process 1 of it. */
  readonly walls: { readonly program: string; readonly args: readonly string[] };
  readonly env: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
  /** A path on the disk of the workspace. */
  readonly disk: string;
  /** Where commands find the base, if there is one. */
  readonly base?: string;
  /** The sandbox's own folder on the machine, for pipes and input. */
  readonly folder: string;
  /** A file that the program is given as descriptor 3. */
  readonly file3?: string;
}

/** How a rung starts one command: what follows the walls' own arguments, and how its processes are found. */
export type CommandLaunch = Pick<Launch, 'args' | 'tree' | 'errors'>;
