import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { WorkflowFile } from '../run-options.ts';
import { readJob } from './read-job.ts';
import { readDefaults, readPermissions } from './read-settings.ts';
import { present } from './read-steps.ts';
import { loadSchemas } from './schemas.ts';
import { entriesOf, openTemplate, plainValue, refuseInvalid, textOf } from './template-reading.ts';
import type {
  CallInput,
  CallInterface,
  Deferred,
  JobDefinition,
  Triggers,
  WorkflowDefinition,
} from './workflow-definition.ts';

/** Reads a workflow file against GitHub's schema. Throws E800 with every finding when GitHub would refuse it. */
export async function readWorkflow(file: Pick<WorkflowFile, 'path' | 'text'>): Promise<WorkflowDefinition> {
  const { workflow: schema } = await loadSchemas();
  const template = openTemplate({ schema, root: 'workflow-root-strict', path: file.path, text: file.text });
  const parts = entriesOf(template.root);
  const triggers = readTriggers(parts.get('on'));
  const jobTokens = [...entriesOf(parts.get('jobs'))];
  const jobs = jobTokens.map(([id, token]) => readJob(template, id, token));
  for (const problem of problemsOfNeeds(jobs)) template.context.error(template.root, problem);
  refuseInvalid(template);
  const events = entriesOf(parts.get('on'));
  return {
    path: file.path,
    name: textOf(parts.get('name')) ?? file.path,
    triggers,
    jobs,
    defaults: readDefaults(parts.get('defaults')),
    ...present({
      call: 'workflow_call' in triggers ? readInterface(events.get('workflow_call')) : undefined,
      dispatch: 'workflow_dispatch' in triggers ? readInterface(events.get('workflow_dispatch')) : undefined,
      env: parts.get('env'),
      permissions: readPermissions(parts.get('permissions')),
      concurrency: parts.get('concurrency'),
    }),
  };
}

function readTriggers(token: TemplateToken | undefined): Triggers {
  const on = plainValue(token);
  if (typeof on === 'string') return { [on]: null };
  if (Array.isArray(on)) return Object.fromEntries(on.map((name) => [String(name), null]));
  return on === null || typeof on !== 'object' ? {} : (on as Triggers);
}

function readInterface(token: TemplateToken | undefined): CallInterface {
  const parts = entriesOf(token);
  const inputs = [...entriesOf(parts.get('inputs'))].map(([name, value]) => [name, readInput(value)] as const);
  const secrets = [...entriesOf(parts.get('secrets'))].map(
    ([name, value]) => [name, { required: plainValue(entriesOf(value).get('required')) === true }] as const,
  );
  const outputs: [string, Deferred][] = [];
  for (const [name, value] of entriesOf(parts.get('outputs'))) {
    const expression = entriesOf(value).get('value');
    if (expression !== undefined) outputs.push([name, expression]);
  }
  return {
    inputs: Object.fromEntries(inputs),
    secrets: Object.fromEntries(secrets),
    outputs: Object.fromEntries(outputs),
  };
}

const inputTypes = ['string', 'boolean', 'number', 'choice', 'environment'] as const;

function readInput(token: TemplateToken): CallInput {
  const parts = entriesOf(token);
  const type = inputTypes.find((known) => known === textOf(parts.get('type'))) ?? 'string';
  const required = plainValue(parts.get('required')) === true;
  return { type, required, ...present({ default: parts.get('default') }) };
}

function problemsOfNeeds(jobs: readonly JobDefinition[]): readonly string[] {
  const known = new Map(jobs.map((job) => [job.id, job]));
  const missing = jobs.flatMap((job) =>
    job.needs.filter((need) => !known.has(need)).map((need) => `Job '${job.id}' depends on unknown job '${need}'.`),
  );
  if (missing.length > 0) return missing;
  const settled = new Set<string>();
  for (let grew = true; grew; ) {
    const next = jobs.filter((job) => !settled.has(job.id) && job.needs.every((need) => settled.has(need)));
    for (const job of next) settled.add(job.id);
    grew = next.length > 0;
  }
  return jobs
    .filter((job) => !settled.has(job.id))
    .map((job) => `Job '${job.id}' is part of, or waits for, a circle of 'needs'.`);
}
