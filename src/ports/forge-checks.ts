export interface CheckInfo {
  readonly id: number;
  /** `build`, `test (24)`. */
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | undefined;
  readonly url: string;
  /** Of GitHub Actions: the job whose log tells more. */
  readonly jobId: number | undefined;
  /** The check's own summary, when it has one. Untrusted text. */
  readonly summary: string | undefined;
  readonly annotations: number;
}

export interface CheckAnnotation {
  readonly path: string;
  readonly line: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly message: string;
}

/** What checks say about commits of one repository: check runs and commit statuses alike. */
export interface ForgeChecks {
  /** The newest of each name. */
  of(sha: string): Promise<readonly CheckInfo[]>;
  annotations(check: CheckInfo): Promise<readonly CheckAnnotation[]>;
  /** The last `maxBytes` of a job's log; undefined when it is gone or the token may not read it. */
  jobLog(jobId: number, maxBytes: number): Promise<string | undefined>;
}
