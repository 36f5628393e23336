import { renderLiteRepository } from '../render/repository.ts';
import { renderRun, renderWorkflowFile } from '../render/run.ts';
import type { Repository } from '../state/repository-state.ts';
import type { WorkflowRun } from '../state/run-state.ts';
import type { World } from '../world.ts';
import { sceneFields } from './payloads.ts';

/** `workflow_run`, when a run is queued, begins and ends. */
export async function emitRunEvent(
  world: World,
  repository: Repository,
  run: WorkflowRun,
  action: 'requested' | 'in_progress' | 'completed',
): Promise<void> {
  const actor = { kind: 'user', account: run.actor } as const;
  if (!world.events.isHeard({ name: 'workflow_run', repository, actor })) return;
  // As it is at this moment: it goes on while its commit is looked up.
  const rendered = await renderRun(world, repository, { ...run });
  const lite = renderLiteRepository(world, repository);
  const payload = {
    action,
    workflow: renderWorkflowFile(world, repository, { path: run.workflowPath, name: run.name }),
    workflow_run: { ...rendered, repository: lite, head_repository: lite },
    ...sceneFields({ world, repository, actor }),
  };
  world.events.emit({ name: 'workflow_run', repository, actor, payload });
}
