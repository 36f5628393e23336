import { dispatchType } from '../../domain/trigger-event.ts';
import type { ForgeWorkflows } from '../../ports/forge-workflows.ts';
import type { StepStarter } from '../../ports/step-starter.ts';

/**
 * The next step is told to GitHub as a `repository_dispatch`, whose webhook comes to the dispatcher like every other request: it
 * waits in the same queue, is put before the same gate, stands in the same lines, and is asked for again when it is lost.
 */
export function createAnnouncementStarter(workflows: Pick<ForgeWorkflows, 'announce'>): StepStarter {
  return {
    start: async ({ issue, step }) => {
      const answer = await workflows.announce({
        type: dispatchType,
        // The very same words are heard once: each time that it is asked for again is another one.
        payload: { issue, command: step.command, step: step.id, asked: step.asks },
      });
      return answer.kind === 'accepted' ? { kind: 'started' } : { kind: 'refused', reason: answer.reason };
    },
  };
}
