/** GitHub's own name of what runs workflows: its checks are jobs. */
export const actionsApp = 'github-actions';

/** Jobs of our called workflows, as GitHub names them: they run on the same commit at times. */
const ourJob = /^[^/]*(?:agent|entropy)[^/]* \/ (?:gate|task|agent|publish|close)$/i;
/** GitHub's name of a step that uses one of our actions, and the first step of each job of our called workflows. */
const ourStep =
  /^(?:(?:Pre|Post) )?(?:Run )?entropy-playground\/(?:coder|gate|issue-reader|publish|reviewer|tester)@|^Get the actions of this very workflow$/;

/**
 * Whether a check is a job of the workflow that runs the agents, by its name, which other Apps may give to anything: its end says something about a run of ours, not about
 * the code.
 */
export function isOurJob({ name, app }: { readonly name: string; readonly app: string | undefined }): boolean {
  return app === actionsApp && ourJob.test(name);
}

/** The same by one of its steps, whatever people called the job. Workflow files are people's: no change of an agent names a step. */
export function isOurStep(name: string): boolean {
  return ourStep.test(name);
}
