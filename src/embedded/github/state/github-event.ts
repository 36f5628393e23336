export type EventName =
  | 'issues'
  | 'issue_comment'
  | 'pull_request'
  | 'pull_request_review'
  | 'pull_request_review_comment'
  | 'pull_request_review_thread'
  | 'push'
  | 'create'
  | 'delete'
  | 'check_run'
  | 'status'
  | 'issue_dependencies'
  | 'sub_issues'
  | 'workflow_dispatch'
  | 'workflow_run'
  | 'repository_dispatch';

/** What a workflow or a webhook receives. `payload` has the form of @octokit/webhooks-schemas. */
export interface GitHubEvent {
  readonly name: EventName;
  readonly deliveryId: string;
  readonly repository: { readonly owner: string; readonly name: string };
  readonly payload: Readonly<Record<string, unknown>>;
  /** Of a `workflow_dispatch`: the run that GitHub made for it, before any runner took it. */
  readonly runId?: number;
}
