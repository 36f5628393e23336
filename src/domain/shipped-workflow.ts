/** Where the actions and the workflows that people call live on GitHub. */
export const home = 'entropy-playground/entropy-playground';

/** The file of ours that a dispatched run's jobs stand in. */
export const dispatchedWorkflow = `${home}/.github/workflows/agent-dispatched.yml`;

/**
 * Globs over `job_workflow_ref`, whose version is a commit, a tag or a branch: who gets tasks and tokens unless the operator
 * says otherwise. Whoever works with a copy of our file names that.
 */
export const trustedWorkflows: readonly string[] = [`${dispatchedWorkflow}@*`, `${dispatchedWorkflow}@refs/**`];
