import type { Forge } from '../../ports/forge.ts';
import type { ForgeWorkflows } from '../../ports/forge-workflows.ts';
import type { StepStarter } from '../../ports/step-starter.ts';

export interface WorkflowStarter {
  readonly forge: Pick<Forge, 'defaultBranch'>;
  readonly workflows: Pick<ForgeWorkflows, 'dispatch'>;
  /** File in `.github/workflows` that called us: `agent.yml`. */
  readonly workflow: string;
}

/**
 * The next step is a new run of the very workflow that this one is a run of, by `workflow_dispatch`: of all events that a job's
 * own token causes, that and `repository_dispatch` alone start workflows.
 */
export function createWorkflowStarter({ forge, workflows, workflow }: WorkflowStarter): StepStarter {
  return {
    start: async ({ issue, step }) => {
      const answer = await workflows.dispatch({
        workflow,
        ref: await forge.defaultBranch(),
        inputs: { issue: String(issue), command: step.command, step: step.id },
      });
      return answer.kind === 'accepted' ? { kind: 'started' } : { kind: 'refused', reason: answer.reason };
    },
  };
}

/** `octo/slug/.github/workflows/agent.yml@refs/heads/main` → `agent.yml`; undefined for what is no such reference. */
export function workflowFile(reference: string | undefined): string | undefined {
  return /\/\.github\/workflows\/([A-Za-z0-9._-]+\.ya?ml)@/.exec(reference ?? '')?.[1];
}
