import { parseTree } from '../git/commit-object.ts';
import type { Repository } from '../state/repository-state.ts';

export const workflowFolder = '.github/workflows';

export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
}

export async function listWorkflowFiles({ git }: Repository, ref: string): Promise<WorkflowFile[]> {
  const commit = await git.resolveCommit(ref);
  const tree = commit === undefined ? undefined : await git.objects.read(`${commit}:${workflowFolder}`);
  if (tree?.type !== 'tree') return [];
  const files = parseTree(tree.bytes).filter((item) => item.type === 'blob' && /\.ya?ml$/.test(item.path));
  return Promise.all(
    files.map(async (item) => ({
      path: `${workflowFolder}/${item.path}`,
      text: (await git.objects.read(item.sha))?.bytes.toString('utf8') ?? '',
    })),
  );
}

/** What GitHub itself reads of a workflow file before any runner does. */
export interface WorkflowHead {
  readonly name: string;
  /** Undefined: the file cannot be started so. */
  readonly dispatch: { readonly inputs: Readonly<Record<string, DispatchInput>> } | undefined;
  readonly runName: string | undefined;
}

export interface DispatchInput {
  readonly required: boolean;
  readonly default: string | undefined;
}

export async function readWorkflowHead({ path, text }: WorkflowFile): Promise<WorkflowHead> {
  const { parse } = await import('yaml');
  const document = record(parse(text));
  const { name, on } = document;
  const runName = document['run-name'];
  const triggers = typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(record(on));
  const below = Array.isArray(on) || typeof on === 'string' ? {} : record(record(on)['workflow_dispatch']);
  const inputs = Object.entries(record(below['inputs'])).map(([input, value]): [string, DispatchInput] => {
    const { required, default: fallback } = record(value);
    return [input, { required: required === true, default: fallback === undefined ? undefined : String(fallback) }];
  });
  return {
    name: typeof name === 'string' ? name : path,
    dispatch: triggers.includes('workflow_dispatch') ? { inputs: Object.fromEntries(inputs) } : undefined,
    runName: typeof runName === 'string' ? runName : undefined,
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
