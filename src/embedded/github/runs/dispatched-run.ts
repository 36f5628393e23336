import type { Json } from '../../runner/json.ts';
import { emitRunEvent } from '../events/run-events.ts';
import { accountOf } from '../identity/access.ts';
import type { Actor } from '../identity/actor.ts';
import { type Repository, repositoryFullName } from '../state/repository-state.ts';
import type { WorkflowRun } from '../state/run-state.ts';
import type { World } from '../world.ts';
import type { WorkflowHead } from './workflow-files.ts';

export interface Dispatch {
  readonly repository: Repository;
  readonly actor: Actor;
  readonly path: string;
  readonly head: WorkflowHead;
  readonly branch: string;
  readonly sha: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** The run that a dispatch makes at once, queued until a runner takes it. */
export async function createDispatchedRun(world: World, dispatch: Dispatch): Promise<WorkflowRun> {
  const { repository, path, head, branch, sha } = dispatch;
  const actor = accountOf(dispatch.actor);
  const run = world.runs.create({
    repository,
    workflowPath: path,
    name: head.name,
    event: 'workflow_dispatch',
    title: await titleOf(dispatch, actor.login),
    headBranch: branch,
    headSha: sha,
    actor,
  });
  void emitRunEvent(world, repository, run, 'requested');
  return run;
}

/** `run-name` with the contexts that it may use (`github`, `inputs`), or the workflow's name. */
async function titleOf({ head, repository, branch, sha, inputs }: Dispatch, login: string): Promise<string> {
  const { runName } = head;
  if (runName?.includes('${{') !== true) return runName ?? head.name;
  const github: Record<string, Json> = {
    repository: repositoryFullName(repository),
    repository_owner: repository.owner.login,
    event_name: 'workflow_dispatch',
    ref: `refs/heads/${branch}`,
    ref_name: branch,
    ref_type: 'branch',
    sha,
    workflow: head.name,
    actor: login,
    triggering_actor: login,
    event: { inputs },
  };
  // Loaded with the first title that needs it: few do.
  const { evaluateTemplate } = await import('../../runner/expression/evaluate-template.ts');
  return evaluateTemplate(runName, { contexts: { github, inputs, vars: {} }, functions: {} });
}
