import type { Clock } from '../../ports/clock.ts';
import type { ArtifactStore } from './artifact/artifact-store.ts';
import type { JsonObject } from './json.ts';
import type { ConcurrencyCoordinator } from './plan/concurrency.ts';
import type { Permissions } from './plan/permissions.ts';
import type { RunnerEvent } from './runner-event.ts';

export interface TriggerEvent {
  /** `issue_comment`, `push`, … */
  readonly name: string;
  /** What GitHub would send as webhook payload; written to the file that `GITHUB_EVENT_PATH` names. */
  readonly payload: JsonObject;
  /** For the log; a redelivery has the id of the first one. */
  readonly deliveryId?: string;
  /** Needed only by workflows with a `paths` filter. */
  readonly changedPaths?: readonly string[];
}

/** Where a workflow file comes from: what `job.workflow_repository`, `job.workflow_sha` and `job.workflow_ref` say. */
export interface WorkflowIdentity {
  /** `owner/name`. */
  readonly repository: string;
  readonly sha: string;
  /** `refs/heads/main`; the sha when the file was named by one. */
  readonly ref: string;
}

export interface WorkflowFile {
  /** Inside its repository: `.github/workflows/agent.yml`. */
  readonly path: string;
  readonly text: string;
  readonly identity: WorkflowIdentity;
}

export interface CheckoutRequest {
  /** `owner/name`. */
  readonly repository: string;
  /** Branch, tag or commit; undefined is the default branch of a foreign repository. */
  readonly ref: string | undefined;
  /** Absolute folder that the files go to; inside the job's workspace. */
  readonly path: string;
  readonly token: string;
  readonly persistCredentials: boolean;
  /** 0 is the whole history. */
  readonly fetchDepth: number;
  readonly fetchTags: boolean;
  /** Empty: everything. */
  readonly sparse: readonly string[];
  readonly sparseMode: 'cone' | 'patterns';
  /** Removes what an earlier checkout left in the folder. */
  readonly clean: boolean;
}

export interface CheckoutResult {
  readonly commit: string;
  /** Runs as the step `Post …`: takes the credentials out again. */
  readonly cleanUp?: () => Promise<void>;
}

/** What only the owner of the machine can answer: code, actions and workflows that a file names. */
export interface Resolver {
  checkout(request: CheckoutRequest, signal: AbortSignal): Promise<CheckoutResult>;
  /** Absolute folder of `owner/repo[/path]@ref`, or undefined when it is not to be had: the run is refused (E800). */
  action(uses: string): Promise<string | undefined>;
  /** A reusable workflow; `from` tells what `./` means. */
  workflow(uses: string, from: WorkflowIdentity): Promise<WorkflowFile | undefined>;
}

export interface RunWorkflowOptions {
  readonly workflow: WorkflowFile;
  readonly event: TriggerEvent;
  readonly repository: {
    readonly owner: string;
    readonly name: string;
    readonly id: number;
    readonly ownerId: number;
  };
  /** `refs/heads/main`: what the run is for. */
  readonly ref: string;
  readonly sha: string;
  readonly actor: { readonly login: string; readonly id: number };
  readonly runId: number;
  readonly runNumber: number;
  readonly attempt: number;
  readonly github: { readonly serverUrl: string; readonly apiUrl: string; readonly graphqlUrl: string };
  /** The token of one job, good for exactly these permissions. */
  readonly mintToken: (request: { readonly job: string; readonly permissions: Permissions }) => Promise<string>;
  /** Opens the address where a job with `id-token: write` asks for tokens about itself; absent: no such address. */
  readonly openIdTokens?: (claims: Readonly<Record<string, string>>) => {
    readonly url: string;
    readonly token: string;
  };
  /** What a workflow without any `permissions:` gets: GitHub's repository setting. */
  readonly defaultPermissions?: 'read' | 'write';
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  /** Values for the inputs of `workflow_dispatch`. */
  readonly inputs?: JsonObject;
  /** Everything of the run is put below; the caller removes it. */
  readonly tempDir: string;
  readonly resolve: Resolver;
  /** The whole environment that child processes start from (PATH, HOME, …); nothing else of ours is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Cancels the run as the button on GitHub does. */
  readonly signal: AbortSignal;
  readonly onEvent?: (event: RunnerEvent) => void;
  /** Share one between runs that must know of each other's `concurrency:`. */
  readonly concurrency?: ConcurrencyCoordinator;
  /** Where artifacts are kept; a folder below `tempDir` when absent. */
  readonly artifacts?: ArtifactStore;
}
