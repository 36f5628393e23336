import type { LeftOut } from '../domain/run-result.ts';
import type { Sandbox } from './sandbox.ts';
import type { LaidOutFiles } from './workspace.ts';

/** A room for one run of the tests, gone when disposed. */
export interface ProofRoom extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly leftOut: LeftOut;
}

/**
 * Where the tests run that speak for a submission. The room in which the agent worked cannot be used for that: a changed file
 * that git ignores, or one in the home, makes any test command pass.
 */
export interface ProofRooms {
  /** Remembers what set-up left, before any test or tool: what is touched after that stays outside. */
  mark(signal: AbortSignal): Promise<void>;
  /**
   * A room with the files as they were last collected, or at the start, and with what set-up left, as far as it is untouched.
   * While it is open the workspace lacks the latter, so no tool may run; it is back when the room is disposed.
   */
  openFresh(signal: AbortSignal, files?: LaidOutFiles): Promise<ProofRoom>;
  /** The room where the agent worked, with a new `/tmp`. */
  openOwn(signal: AbortSignal): Promise<ProofRoom>;
}
