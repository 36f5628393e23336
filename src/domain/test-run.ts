/** The repository's own tests, run by us in the sandbox, not by the model's word. */
export interface TestRun {
  readonly command: string;
  /** null when the command was ended for running too long. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
  /** Head and tail of stdout and stderr together. Untrusted text. */
  readonly output: string;
}
