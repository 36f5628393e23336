import type { Clock } from '../../../ports/clock.ts';
import type { ArtifactStore } from '../artifact/artifact-store.ts';
import type { ActionManifest } from '../definition/action-manifest.ts';
import type { Deferred, StepDefinition } from '../definition/workflow-definition.ts';
import type { Status } from '../expression/status-functions.ts';
import type { SecretMasker } from '../io/secret-masker.ts';
import type { StepLog } from '../io/step-log.ts';
import type { JsonObject } from '../json.ts';
import type { Resolver, WorkflowIdentity } from '../run-options.ts';
import type { Annotation, Conclusion, StepSummary } from '../run-report.ts';
import type { RunnerEventBody } from '../runner-event.ts';
import type { JobFolders } from './job-folders.ts';

/** What every job of a run shares. */
export interface RunServices {
  readonly clock: Clock;
  readonly resolve: Resolver;
  readonly artifacts: ArtifactStore;
  readonly actions: ReadonlyMap<string, ActionManifest>;
  readonly env: Readonly<Record<string, string>>;
  readonly emit: (event: RunnerEventBody) => void;
  readonly annotate: (annotation: Annotation) => void;
  readonly summarise: (summary: StepSummary) => void;
  /** Finds what a step of a local composite action uses; throws E800 when it is not to be had. */
  readonly prepareStep: (step: StepDefinition) => Promise<void>;
  /** Ends the whole run: the workflow needs something that this runner does not have, or we failed. */
  readonly refuse: (error: unknown) => void;
}

/** One job while it runs. */
export interface JobRun {
  readonly services: RunServices;
  /** As in the report: `call/gate`. */
  readonly id: string;
  readonly name: string;
  readonly folders: JobFolders;
  readonly masker: SecretMasker;
  readonly token: string;
  /** Where the job may ask for ID tokens; undefined without `id-token: write`. */
  readonly idTokens: { readonly url: string; readonly token: string } | undefined;
  readonly github: JsonObject;
  readonly runner: JsonObject;
  /** `vars`, `secrets`, `needs`, `strategy`, `matrix`, `inputs` of the workflow. */
  readonly contexts: Readonly<Record<string, JsonObject | null>>;
  readonly workflow: WorkflowIdentity & { readonly path: string };
  readonly trackingId: string;
  readonly debug: boolean;
  /** Aborted when the job is cancelled or took too long; `status` is `cancelled` by then. */
  readonly cancelSignal: AbortSignal;
  /** Aborted when a cancelled job did not end in time: everything is killed, nothing more is run. */
  readonly killSignal: AbortSignal;
  status: Status;
  /** The environment of the workflow and the job, and what steps added through GITHUB_ENV. */
  env: Record<string, string>;
  /** Folders from GITHUB_PATH; the last one comes first. */
  pathPrefix: string[];
  readonly posts: PostStep[];
  /** Ids of the processes that were started. */
  readonly sessions: number[];
}

/** What the `steps` context says about one step. */
export interface StepState {
  readonly outputs: Record<string, string>;
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
}

/** The surroundings of a list of steps: a job's own, or those of one use of a composite action. */
export interface StepFrame {
  readonly job: JobRun;
  readonly kind: 'job' | 'composite';
  /** Contexts besides `github`, `env`, `steps`, `job` and `runner`, which every frame has. */
  readonly contexts: Readonly<Record<string, JsonObject | null>>;
  /** Grows with every step that has ended. */
  readonly steps: Record<string, StepState>;
  /** `env:` of the steps around a composite action; stronger than what GITHUB_ENV sets. */
  readonly overrides: Readonly<Record<string, string>>;
  /** `github.action_path`, only inside a composite action. */
  readonly actionPath: string | undefined;
  /** What `success()` and `failure()` look at. */
  readonly status: () => Status;
}

/** How a step on the job's list speaks to the world; the steps inside a composite action share it. */
export interface StepChannel {
  readonly stepName: string;
  readonly log: StepLog;
  annotate(level: 'error' | 'warning' | 'notice', message: string, properties?: ReadonlyMap<string, string>): void;
  summarise(markdown: string): void;
}

export interface StepEnd {
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
}

/** One run of one step, while it runs. `state` outlives it: the action's post step reads it. */
export interface StepExecution {
  readonly frame: StepFrame;
  readonly channel: StepChannel;
  /** `github.action`. */
  readonly action: string;
  /** `env:` of the step and of those around it, without what GITHUB_ENV set. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The whole `env` context. */
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
  readonly signal: AbortSignal;
  /** Set by a command that is an error in itself (`::set-env::`, a command file that cannot be read). */
  failed: boolean;
  echo: boolean;
  /** While set, commands are plain output until it comes back as `::token::`. */
  stopToken: string | undefined;
}

/** What an action wants done at the end of the job; run in the reverse order of registration. */
export interface PostStep {
  readonly name: string;
  /** `post-if`, `always()` when the action names none. */
  readonly condition: string;
  readonly frame: StepFrame;
  readonly action: string;
  readonly env: Deferred | undefined;
  /** What the action saved; its post process gets it as `STATE_…`. */
  readonly state: Record<string, string>;
  readonly run: (step: StepExecution) => Promise<Conclusion>;
}
