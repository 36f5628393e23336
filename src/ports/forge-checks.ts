export interface CheckInfo {
  readonly id: number;
  /** `build`, `test (24)`. */
  readonly name: string;
  /** The App that tells it, `github-actions`; undefined: a commit status, whose names are a space of their own. */
  readonly app: string | undefined;
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

/** A step of a job, as far as it began. */
export interface JobStep {
  readonly name: string;
  /** It is why the job failed: a step that may fail has passed. */
  readonly failed: boolean;
  /** Milliseconds since 1970, of whole seconds. */
  readonly startedAt: number | undefined;
  readonly completedAt: number | undefined;
}

/** What checks say about commits of one repository: check runs and commit statuses alike. */
export interface ForgeChecks {
  /**
   * The newest of each: of each job of a workflow and the event that started it, of each check of an App's suite, of each context
   * of a status. Two workflows may have jobs of the same name: both are told.
   */
  of(sha: string): Promise<readonly CheckInfo[]>;
  /** A job's steps; undefined when it is gone or the token may not read it. */
  jobSteps(jobId: number): Promise<readonly JobStep[] | undefined>;
  annotations(check: CheckInfo): Promise<readonly CheckAnnotation[]>;
  /** The last `maxBytes` of a job's log; undefined when it is gone or the token may not read it. */
  jobLog(jobId: number, maxBytes: number): Promise<string | undefined>;
}
