export interface DispatchedWorkflow {
  /** File in `.github/workflows`: `agent.yml`. */
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface StartedWorkflow {
  readonly id: number;
  readonly attempt: number;
  readonly url: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
}

/** Starts workflows of one repository, and finds what was started. */
export interface ForgeWorkflows {
  /** `started` tells the run where the server does (github.com); undefined where it only says that it took the request. */
  dispatch(workflow: DispatchedWorkflow): Promise<
    | { readonly kind: 'accepted'; readonly started: StartedWorkflow | undefined }
    /** No such workflow, no such ref, or it has no `workflow_dispatch`: GitHub's own words. */
    | { readonly kind: 'refused'; readonly reason: string }
  >;
  /** `repository_dispatch`: told to all workflows and Apps that listen for this type. Needs `contents: write`. */
  announce(announcement: {
    readonly type: string;
    readonly payload: Readonly<Record<string, string | number>>;
  }): Promise<{ readonly kind: 'accepted' } | { readonly kind: 'refused'; readonly reason: string }>;
  /** A dispatched run by its title (`run-name`), not older than `since` (ISO 8601). */
  find(asked: {
    readonly workflow: string;
    readonly title: string;
    readonly since: string;
  }): Promise<StartedWorkflow | undefined>;
}
