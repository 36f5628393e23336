/**
 * How a dispatched workflow run is called (`run-name`), so that it is found when the answer to its dispatch was lost. The
 * workflow that people paste is made with it too: there the run is an expression.
 */
export function dispatchedTitle(run: string): string {
  return `agent run ${run}`;
}

/** Inputs of the workflow that is dispatched, by the names that both sides use. */
export const dispatchInputs = { run: 'run', traceparent: 'traceparent' } as const;
