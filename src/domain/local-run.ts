import type { CommandName } from './command.ts';
import type { IssueText } from './embedded-run.ts';
import type { LifeEvent } from './life-event.ts';
import type { RepositoryRef } from './repository.ts';
import type { ModelChoice, RunReport } from './run-report.ts';
import type { Settings, SettingsLayer } from './settings.ts';

/** How the patch of a local run reaches the person. The checked-out files and branches are never touched otherwise. */
export type LocalDelivery =
  /** `git apply` takes it. Without a path: `patch.diff` in the run's folder. */
  | { readonly kind: 'patch-file'; readonly path?: string }
  /** A new local branch with one commit; without a name `agent/<slug of the title>`. Never checked out, never moved. */
  | { readonly kind: 'branch'; readonly name?: string };

/** One task against a git repository on this machine, without any GitHub. */
export interface LocalRunOptions {
  /** Absolute path of the repository's top folder. */
  readonly repository: string;
  readonly task: IssueText;
  readonly model: ModelChoice;
  readonly settings: Settings;
  readonly delivery: LocalDelivery;
  /** Absolute path; trajectory and patch are left there. Absent: `runFolder` of the run. */
  readonly keepDir?: string;
  /** No sandbox: only ever typed, on somebody's own machine. */
  readonly walls?: 'none';
}

/** One issue of a repository on GitHub; the token is taken from the environment by the runtime itself. */
export interface GitHubRunOptions {
  readonly repository: RepositoryRef;
  readonly issue: number;
  /** How the hash of a plan begins that waits there: it is published, and no agent works. Absent: `fix`. */
  readonly approve?: string;
  /** The step that the issue's team waits for; absent: `fix`. */
  readonly step?: { readonly id: string; readonly command: CommandName };
  readonly apiUrl: string;
  readonly serverUrl: string;
  /** As `--model` said it; absent: what the settings say. */
  readonly model?: ModelChoice;
  /** Environment and flags, in this order; the runtime lays the base branch's `.github/entropy.yml` beneath them. */
  readonly layers: readonly SettingsLayer[];
  /** The variable that holds the token; the runtime takes it (`takeSecret`). */
  readonly tokenVariable: 'GITHUB_TOKEN' | 'GH_TOKEN';
  readonly keepDir?: string;
  /** No sandbox: only ever typed, on somebody's own machine. */
  readonly walls?: 'none';
}

export interface LocalReport extends RunReport {
  readonly repository: string;
}

export interface GitHubRunReport extends RunReport {
  readonly pullRequest: { readonly number: number; readonly url: string; readonly draft: boolean } | null;
  /** What was delivered and is no pull request of ours: a triage, a plan, a review or a verdict. */
  readonly delivered: { readonly kind: string; readonly url: string } | null;
  readonly issueUrl: string;
}

type OnEvent = (event: LifeEvent) => void;
/** Reject with an `EntropyError`, or with the signal's reason. */
export type RunLocal = (options: LocalRunOptions, onEvent: OnEvent, signal: AbortSignal) => Promise<LocalReport>;
export type RunOnGitHub = (
  options: GitHubRunOptions,
  onEvent: OnEvent,
  signal: AbortSignal,
) => Promise<GitHubRunReport>;
