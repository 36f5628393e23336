import { builtinNames } from '../builtin/builtin-names.ts';
import { type ActionManifest, readAction } from '../definition/action-manifest.ts';
import { readWorkflow } from '../definition/read-workflow.ts';
import { entriesOf } from '../definition/template-reading.ts';
import {
  type JobDefinition,
  noCallInterface,
  type StepDefinition,
  type WorkflowDefinition,
} from '../definition/workflow-definition.ts';
import { refusal } from '../refusal.ts';
import type { Resolver, WorkflowFile, WorkflowIdentity } from '../run-options.ts';
import { effectivePermissions, type Permissions } from './permissions.ts';

/** A workflow with everything that can be known before it runs. Whatever this runner cannot do is refused here. */
export interface WorkflowPlan {
  readonly definition: WorkflowDefinition;
  readonly identity: WorkflowIdentity;
  readonly permissions: ReadonlyMap<string, Permissions>;
  readonly calls: ReadonlyMap<string, WorkflowPlan>;
}

export interface PlanRequest {
  readonly file: WorkflowFile;
  readonly resolve: Resolver;
  readonly fallback: Permissions;
  readonly caller: Permissions | undefined;
  readonly depth: number;
  /** Actions of other repositories by their `uses`; filled while planning. */
  readonly actions: Map<string, ActionManifest>;
}

/** GitHub's limit, the workflow that an event starts included. */
const deepestCall = 10;

export async function planWorkflow(request: PlanRequest): Promise<WorkflowPlan> {
  const definition = await readWorkflow(request.file);
  const permissions = new Map<string, Permissions>();
  const calls = new Map<string, WorkflowPlan>();
  for (const job of definition.jobs) {
    const granted = effectivePermissions({
      job: job.id,
      workflow: definition.permissions,
      own: job.permissions,
      caller: request.caller,
      fallback: request.fallback,
    });
    permissions.set(job.id, granted);
    if (job.work.kind === 'call') calls.set(job.id, await planCall(job, job.work.uses, granted, request));
    else for (const step of job.work.steps) await planStep(step, request);
  }
  return { definition, identity: request.file.identity, permissions, calls };
}

async function planCall(
  job: JobDefinition,
  uses: string,
  caller: Permissions,
  request: PlanRequest,
): Promise<WorkflowPlan> {
  const depth = request.depth + 1;
  if (depth >= deepestCall)
    throw refusal(`'${uses}' is called more than ${deepestCall} workflows deep`, 'GitHub allows no more.');
  const file = await request.resolve.workflow(uses, request.file.identity);
  if (file === undefined)
    throw refusal(`The workflow '${uses}' of job '${job.id}' was not found`, 'Check the path and the ref.');
  const plan = await planWorkflow({ ...request, file, caller, depth });
  if (plan.definition.call === undefined) {
    throw refusal(`'${uses}' cannot be called: its 'on' lacks workflow_call`, 'Add workflow_call to it.');
  }
  refuseWrongCall(job, plan.definition);
  return plan;
}

/** Names that the called workflow does not know, and required ones that are missing: GitHub refuses both. */
function refuseWrongCall(job: JobDefinition, callee: WorkflowDefinition): void {
  if (job.work.kind !== 'call') return;
  const { inputs, secrets } = callee.call ?? noCallInterface;
  const passed = (names: ReadonlyMap<string, unknown>): readonly string[] =>
    [...names.keys()].map((name) => name.toLowerCase());
  const given = passed(entriesOf(job.work.inputs));
  const givenSecrets =
    job.work.secrets === 'inherit'
      ? Object.keys(secrets).map((name) => name.toLowerCase())
      : passed(entriesOf(job.work.secrets));
  const problems = [...namesProblems('input', given, inputs), ...namesProblems('secret', givenSecrets, secrets)];
  if (problems.length === 0) return;
  throw refusal(
    `Job '${job.id}' calls ${callee.path} wrongly: ${problems.join('; ')}`,
    "Correct the job's 'with' and 'secrets'.",
  );
}

function namesProblems(
  kind: string,
  given: readonly string[],
  known: Readonly<Record<string, { required: boolean }>>,
): readonly string[] {
  const names = Object.keys(known).map((name) => name.toLowerCase());
  const unknown = given.filter((name) => !names.includes(name)).map((name) => `${kind} '${name}' is not defined there`);
  const missing = Object.entries(known)
    .filter(([name, { required }]) => required && !given.includes(name.toLowerCase()))
    .map(([name]) => `${kind} '${name}' is required`);
  return [...unknown, ...missing];
}

/** Finds the actions of other repositories ahead, those inside composite actions too. */
export async function planStep(step: StepDefinition, request: Pick<PlanRequest, 'actions' | 'resolve'>): Promise<void> {
  if (step.work.kind !== 'uses') return;
  const { uses } = step.work;
  if (isLocalAction(uses) || builtinOf(uses) !== undefined || request.actions.has(uses)) return;
  if (uses.startsWith('docker://'))
    throw refusal(
      `'${uses}' is a Docker action, which the local runner does not have`,
      'Use a Node or composite action.',
    );
  const folder = await request.resolve.action(uses);
  const manifest = folder === undefined ? undefined : await readAction(folder);
  if (manifest === undefined) {
    const known = builtinNames.join(', ');
    throw refusal(
      `The action '${uses}' is not to be had locally`,
      `The local runner has its own ${known}; use those, or an action of this repository (./…).`,
    );
  }
  request.actions.set(uses, manifest);
  if (manifest.runs.kind === 'composite') for (const nested of manifest.runs.steps) await planStep(nested, request);
}

export function isLocalAction(uses: string): boolean {
  return uses.startsWith('./') || uses.startsWith('.\\');
}

/** The name of one of GitHub's own actions that this runner replaces, at any ref. */
export function builtinOf(uses: string): (typeof builtinNames)[number] | undefined {
  const [name = ''] = uses.split('@');
  return builtinNames.find((known) => known === name.toLowerCase());
}
