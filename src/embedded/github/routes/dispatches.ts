import { sceneFields } from '../events/payloads.ts';
import { branchRef } from '../git/ref-name.ts';
import { envelopeAnswer } from '../http/pagination.ts';
import { notFound, unprocessable } from '../http/problem.ts';
import { noContent, ok, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers, writers } from '../identity/access.ts';
import { renderWorkflowFile, runUrls } from '../render/run.ts';
import { nodeId } from '../render/user.ts';
import { createDispatchedRun } from '../runs/dispatched-run.ts';
import {
  type DispatchInput,
  listWorkflowFiles,
  readWorkflowHead,
  type WorkflowFile,
  workflowFolder,
} from '../runs/workflow-files.ts';

const workflows = '/repos/{owner}/{repo}/actions/workflows';
const maxInputs = 25;
const maxClientProperties = 10;

export const dispatchRoutes: readonly Route[] = [
  repositoryRoute(`GET ${workflows}`, readers('actions'), async (call) => {
    const files = await listWorkflowFiles(call.repository, call.repository.defaultBranch);
    const items = await Promise.all(files.map((file) => renderWorkflow(call, file)));
    return envelopeAnswer(call, { name: 'workflows', items, render: (item) => item });
  }),
  repositoryRoute(`GET ${workflows}/{workflow_id}`, readers('actions'), async (call) =>
    ok(await renderWorkflow(call, await workflowOf(call, call.repository.defaultBranch))),
  ),
  repositoryRoute(`POST ${workflows}/{workflow_id}/dispatches`, writers('write', 'actions'), dispatchWorkflow),
  repositoryRoute('POST /repos/{owner}/{repo}/dispatches', writers('write', 'contents'), dispatchRepository),
];

/** By its number, its file name, or its path. */
export async function workflowOf(call: RepositoryCall, ref: string): Promise<WorkflowFile> {
  const id = param(call, 'workflow_id');
  const found = (await listWorkflowFiles(call.repository, ref)).find(
    ({ path }) =>
      path === id ||
      path === `${workflowFolder}/${id}` ||
      String(call.world.runs.workflowId(call.repository, path)) === id,
  );
  if (found === undefined) throw notFound();
  return found;
}

async function renderWorkflow({ world, repository }: RepositoryCall, file: WorkflowFile) {
  const { name } = await readWorkflowHead(file);
  return renderWorkflowFile(world, repository, { path: file.path, name });
}

async function dispatchWorkflow(call: RepositoryCall) {
  const { world, repository, body, actor } = call;
  const branch = body.string('ref').replace(/^refs\/heads\//, '');
  const sha = await repository.git.branchHead(branch);
  if (sha === undefined) throw unprocessable(`No ref found for: ${branch}`);
  const file = await workflowOf(call, branch);
  const head = await readWorkflowHead(file);
  if (head.dispatch === undefined) throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  const inputs = readInputs(call, head.dispatch.inputs);
  const details = body.optionalBoolean('return_run_details') ?? false;
  const run = await createDispatchedRun(world, { repository, actor, path: file.path, head, branch, sha, inputs });
  const payload = { inputs, ref: branchRef(branch), workflow: file.path, ...sceneFields(call) };
  world.events.emit({ name: 'workflow_dispatch', repository, actor, payload, runId: run.id });
  if (!details) return noContent;
  const urls = runUrls(world, repository, run);
  return ok({ workflow_run_id: run.id, run_url: urls.api, html_url: urls.html });
}

/** As given or by default; an event holds nothing but texts. */
function readInputs(call: RepositoryCall, defined: Readonly<Record<string, DispatchInput>>): Record<string, string> {
  const { body } = call;
  body.object('inputs');
  const given = (body.raw('inputs') ?? {}) as Readonly<Record<string, unknown>>;
  const names = Object.keys(given);
  if (names.length > maxInputs) throw unprocessable(`you may only define up to ${maxInputs} inputs`);
  const unexpected = names.filter((name) => !Object.hasOwn(defined, name));
  if (unexpected.length > 0) throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  const values = Object.entries(defined).map(([name, input]): [string, string | undefined] => {
    const value = given[name];
    const text = value === undefined || value === null || value === '' ? undefined : String(value);
    if (text === undefined && input.required && input.default === undefined) {
      throw unprocessable(`Required input '${name}' not provided`);
    }
    return [name, text ?? input.default];
  });
  return Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function dispatchRepository(call: RepositoryCall) {
  const { world, repository, body, actor } = call;
  const action = body.string('event_type');
  if (action === '' || action.length > 100) throw unprocessable('event_type must have 1 to 100 characters');
  body.object('client_payload');
  const client_payload = (body.raw('client_payload') ?? {}) as Record<string, unknown>;
  if (Object.keys(client_payload).length > maxClientProperties) {
    throw unprocessable(
      `No more than ${maxClientProperties} properties are allowed; ${Object.keys(client_payload).length} were supplied.`,
    );
  }
  const installation = { id: repository.id, node_id: nodeId('IntegrationInstallation', repository.id) };
  const payload = { action, branch: repository.defaultBranch, client_payload, installation, ...sceneFields(call) };
  world.events.emit({ name: 'repository_dispatch', repository, actor, payload });
  return noContent;
}
