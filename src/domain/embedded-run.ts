import type { LifeEvent } from './life-event.ts';
import type { ModelChoice, RunReport } from './run-report.ts';

/** The issue that is opened in the embedded GitHub. Untrusted text. */
export interface IssueText {
  readonly title: string;
  readonly body: string;
}

export interface EmbeddedRunOptions {
  /** Absolute path of a local git repository; absent: the sample library of `examples/`. */
  readonly repository?: string;
  /** Absent: the issue that comes with the sample (only allowed without `repository`). */
  readonly issue?: IssueText;
  /** Absent: Claude when there is a key, the sample's script when there is none. */
  readonly model?: ModelChoice;
  readonly setupCommand?: string;
  readonly testCommand?: string;
  /** Absolute path; everything of the run (repository, artifacts, trajectory, logs, patch) is put and left there. */
  readonly keepDir?: string;
  /**
   * `until-aborted`: the report is returned with `serving` set as soon as the run has ended, the server stays up and
   * closes when the signal aborts. `no`: everything is closed before the report is returned.
   */
  readonly serve: 'no' | 'until-aborted';
  /** Port on loopback; 0 or absent: any free one. */
  readonly port?: number;
}

export interface EmbeddedReport extends RunReport {
  readonly pullRequest: { readonly number: number; readonly url: string; readonly draft: boolean } | null;
  readonly issueUrl: string | null;
  /** The folder that holds everything of the run; null when only trajectory and patch were kept (in the state folder). */
  readonly workspace: string | null;
  /** Address of the embedded GitHub while it is served. */
  readonly serving: string | null;
  /** The coordinator that is served beside it, and a key that may do everything there. */
  readonly coordinator: { readonly url: string; readonly adminKey: string } | null;
}

/** The whole life of one issue on this machine. Rejects with an `EntropyError`, or with the signal's reason. */
export type RunEmbedded = (
  options: EmbeddedRunOptions,
  onEvent: (event: LifeEvent) => void,
  signal: AbortSignal,
) => Promise<EmbeddedReport>;
