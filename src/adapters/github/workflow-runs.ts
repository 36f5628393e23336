import { EntropyError } from '../../domain/error.ts';
import type { Forge } from '../../ports/forge.ts';
import { readWorkflowRun } from './answers.ts';
import type { GitHubApi } from './api.ts';

type WorkflowRuns = Pick<Forge, 'workflowRun' | 'cancelWorkflowRun'>;

export function createWorkflowRuns(api: GitHubApi): WorkflowRuns {
  return {
    workflowRun: async (runId) => {
      const answer = await api.send({
        route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
        params: { run_id: runId },
        purpose: `read workflow run ${runId}`,
        expected: [404],
      });
      return answer.status === 404 ? undefined : readWorkflowRun(answer.data);
    },

    cancelWorkflowRun: async (runId) => {
      try {
        const answer = await api.send({
          route: 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel',
          params: { run_id: runId },
          purpose: `cancel workflow run ${runId}`,
          expected: [404, 409],
        });
        if (answer.status === 404) return 'missing';
        return answer.status === 409 ? 'ended' : 'cancelling';
      } catch (error) {
        if (error instanceof EntropyError && error.code === 'E204') return 'not-permitted';
        throw error;
      }
    },
  };
}
