import { sceneFields } from '../events/payloads.ts';
import { parseTree } from '../git/commit-object.ts';
import { branchRef } from '../git/ref-name.ts';
import { envelopeAnswer } from '../http/pagination.ts';
import { notFound, unprocessable } from '../http/problem.ts';
import { noContent, ok, param, type RepositoryCall, type Route, repositoryRoute } from '../http/route.ts';
import { readers, writers } from '../identity/access.ts';
import { renderWorkflowFile } from '../render/run.ts';
import { nodeId } from '../render/user.ts';

const folder = '.github/workflows';
const workflows = '/repos/{owner}/{repo}/actions/workflows';
const maxInputs = 25;
const maxClientProperties = 10;

export const dispatchRoutes: readonly Route[] = [
  repositoryRoute(`GET ${workflows}`, readers('actions'), async (call) => {
    const items = await listWorkflows(call, call.repository.defaultBranch);
    return envelopeAnswer(call, { name: 'workflows', items, render: (file) => renderWorkflow(call, file) });
  }),
  repositoryRoute(`GET ${workflows}/{workflow_id}`, readers('actions'), async (call) =>
    ok(renderWorkflow(call, await workflowOf(call, call.repository.defaultBranch))),
  ),
  repositoryRoute(`POST ${workflows}/{workflow_id}/dispatches`, writers('write', 'actions'), dispatchWorkflow),
  repositoryRoute('POST /repos/{owner}/{repo}/dispatches', writers('write', 'contents'), dispatchRepository),
];

interface WorkflowFile {
  readonly path: string;
  readonly text: string;
}

async function listWorkflows(call: RepositoryCall, ref: string): Promise<WorkflowFile[]> {
  const { git } = call.repository;
  const commit = await git.resolveCommit(ref);
  const tree = commit === undefined ? undefined : await git.objects.read(`${commit}:${folder}`);
  if (tree?.type !== 'tree') return [];
  const files = parseTree(tree.bytes).filter((item) => item.type === 'blob' && /\.ya?ml$/.test(item.path));
  return Promise.all(
    files.map(async (item) => ({
      path: `${folder}/${item.path}`,
      text: (await git.objects.read(item.sha))?.bytes.toString('utf8') ?? '',
    })),
  );
}

/** By its number, its file name, or its path. */
async function workflowOf(call: RepositoryCall, ref: string): Promise<WorkflowFile> {
  const id = param(call, 'workflow_id');
  const found = (await listWorkflows(call, ref)).find(
    ({ path }) =>
      path === id || path === `${folder}/${id}` || String(call.world.runs.workflowId(call.repository, path)) === id,
  );
  if (found === undefined) throw notFound();
  return found;
}

function renderWorkflow({ world, repository }: RepositoryCall, { path, text }: WorkflowFile) {
  const name = /^name:\s*['"]?(.+?)['"]?\s*$/m.exec(text)?.[1] ?? path;
  return renderWorkflowFile(world, repository, { path, name });
}

async function dispatchWorkflow(call: RepositoryCall) {
  const { world, repository, body, actor } = call;
  const name = body.string('ref').replace(/^refs\/heads\//, '');
  if ((await repository.git.branchHead(name)) === undefined) throw unprocessable(`No ref found for: ${name}`);
  const workflow = await workflowOf(call, name);
  const triggers = await triggersOf(workflow.text);
  if (!triggers.has('workflow_dispatch')) throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  const inputs = (body.raw('inputs') ?? {}) as Record<string, unknown>;
  if (Object.keys(body.has('inputs') ? inputs : {}).length > maxInputs)
    throw unprocessable(`you may only define up to ${maxInputs} inputs`);
  body.object('inputs');
  const payload = { inputs, ref: branchRef(name), workflow: workflow.path, ...sceneFields(call) };
  world.events.emit({ name: 'workflow_dispatch', repository, actor, payload });
  return noContent;
}

/** What stands under `on:`: a word, a list of words, or a mapping. */
async function triggersOf(text: string): Promise<ReadonlySet<string>> {
  const { parse } = await import('yaml');
  const document: unknown = parse(text);
  const on = typeof document === 'object' && document !== null && 'on' in document ? document.on : undefined;
  if (typeof on === 'string') return new Set([on]);
  if (Array.isArray(on)) return new Set(on.map(String));
  return new Set(typeof on === 'object' && on !== null ? Object.keys(on) : []);
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
