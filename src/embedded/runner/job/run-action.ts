import path from 'node:path';
import { runBuiltin } from '../builtin/run-builtin.ts';
import { type ActionManifest, readAction } from '../definition/action-manifest.ts';
import type { StepDefinition, StepWork } from '../definition/workflow-definition.ts';
import { builtinOf, isLocalAction } from '../plan/plan-workflow.ts';
import type { Conclusion } from '../run-report.ts';
import type { StepExecution } from './job-run.ts';
import { type CompositeUse, runCompositeAction } from './run-composite-action.ts';
import { type NodeActionUse, runNodeAction } from './run-node-action.ts';

type ActionWork = Extract<StepWork, { kind: 'uses' }>;

export interface ActionUse {
  readonly definition: StepDefinition;
  readonly work: ActionWork;
  /** Name of the step, for `Post …`. */
  readonly displayName: string;
  readonly runStep: CompositeUse['runStep'];
}

/** A `uses:` step: one of GitHub's own that is replaced, or a Node or composite action from a folder. */
export async function runAction(use: ActionUse, step: StepExecution): Promise<Conclusion> {
  const { uses, inputs } = use.work;
  const builtin = builtinOf(uses);
  if (builtin !== undefined) return runBuiltin({ ...use, name: builtin }, step);
  const manifest = await findAction(uses, step);
  if (manifest === undefined) return 'failure';
  if (manifest.runs.kind === 'composite') {
    return runCompositeAction({ manifest, runs: manifest.runs, uses, inputs, runStep: use.runStep }, step);
  }
  const node: NodeActionUse = { manifest, runs: manifest.runs, uses, inputs };
  if (node.runs.pre !== undefined && isLocalAction(uses)) {
    step.channel.annotate('warning', `\`pre\` execution is not supported for local action from '${uses}'`);
  }
  if (node.runs.post !== undefined) registerPost(node, use, step);
  return runNodeAction(node, 'main', step);
}

function registerPost(node: NodeActionUse, use: ActionUse, step: StepExecution): void {
  step.frame.job.posts.push({
    name: `Post ${use.displayName}`,
    condition: node.runs.postIf,
    frame: step.frame,
    action: step.action,
    env: use.definition.env,
    state: step.state,
    run: (post) => runNodeAction(node, 'post', post),
  });
}

/** A local action is read when its step comes, for an earlier step may have put it there. */
async function findAction(uses: string, step: StepExecution): Promise<ActionManifest | undefined> {
  const { job } = step.frame;
  if (!isLocalAction(uses)) return job.services.actions.get(uses);
  const folder = path.join(job.folders.workspace, uses);
  const inside = folder === job.folders.workspace || folder.startsWith(`${job.folders.workspace}${path.sep}`);
  if (!inside) {
    step.channel.annotate('error', `'${uses}' leads out of the workspace`);
    return undefined;
  }
  const manifest = await readLocal(folder, step);
  if (manifest === undefined) {
    const message = `Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${folder}'. Did you forget to run actions/checkout before running your local action?`;
    step.channel.annotate('error', message);
  }
  return manifest;
}

/** What cannot be run here (a Docker action, an unknown one inside) ends the run with its name, as it would up front. */
async function readLocal(folder: string, step: StepExecution): Promise<ActionManifest | undefined> {
  const { services } = step.frame.job;
  try {
    const manifest = await readAction(folder);
    if (manifest?.runs.kind === 'composite')
      for (const nested of manifest.runs.steps) await services.prepareStep(nested);
    return manifest;
  } catch (error) {
    services.refuse(error);
    throw error;
  }
}
