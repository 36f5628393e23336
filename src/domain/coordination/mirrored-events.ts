/** The events of GitHub that keep a coordinator's books up to date: what its webhook asks for (docs/coordinator.md). */
export const mirroredEvents = [
  'issues',
  'issue_comment',
  'pull_request',
  'sub_issues',
  'issue_dependencies',
  'workflow_run',
] as const;
