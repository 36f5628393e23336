import { convertToIfCondition } from '@actions/workflow-parser/model/converter/if-condition';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { refusal } from '../refusal.ts';
import { entriesOf, itemsOf, type OpenTemplate, textOf } from './template-reading.ts';
import type { StepDefinition, StepWork } from './workflow-definition.ts';

/** The steps of a job or of a composite action. */
export function readSteps(template: OpenTemplate, token: TemplateToken | undefined): readonly StepDefinition[] {
  const tokens = itemsOf(token);
  const taken = new Set<string>();
  for (const step of tokens) {
    const id = textOf(entriesOf(step).get('id'));
    if (id === undefined) continue;
    if (taken.has(id.toLowerCase())) template.context.error(step, `The step id '${id}' is used twice`);
    taken.add(id.toLowerCase());
  }
  return tokens.map((step) => readStep(template, step, taken));
}

function readStep(template: OpenTemplate, token: TemplateToken, taken: Set<string>): StepDefinition {
  const parts = entriesOf(token);
  const work = readWork(template, parts);
  return {
    id: textOf(parts.get('id')) ?? generatedId(work, taken),
    condition: readCondition(template, parts.get('if')),
    work,
    ...present({
      name: parts.get('name'),
      env: parts.get('env'),
      continueOnError: parts.get('continue-on-error'),
      timeoutMinutes: parts.get('timeout-minutes'),
    }),
  };
}

function readWork(template: OpenTemplate, parts: ReadonlyMap<string, TemplateToken>): StepWork {
  const uses = textOf(parts.get('uses'));
  if (uses !== undefined) return { kind: 'uses', uses, ...present({ inputs: parts.get('with') }) };
  const script = parts.get('run');
  if (script === undefined) {
    throw refusal(`${template.path} has a step with neither 'run' nor 'uses'`, 'Write the step with one of the two.');
  }
  const options = { shell: parts.get('shell'), workingDirectory: parts.get('working-directory') };
  return { kind: 'run', script, ...present(options) };
}

/** The condition with the implicit `success() && …`, checked against the contexts that are allowed there. */
export function readCondition(template: OpenTemplate, token: TemplateToken | undefined): string {
  if (token === undefined) return 'success()';
  return convertToIfCondition(template.context, token)?.expression ?? 'success()';
}

/** GitHub's own way to name steps without an id; `github.action` shows it. */
function generatedId(work: StepWork, taken: Set<string>): string {
  const base = `__${work.kind === 'run' ? 'run' : nameOfAction(work.uses)}`;
  let id = base;
  for (let count = 2; taken.has(id.toLowerCase()); count += 1) id = `${base}_${count}`;
  taken.add(id.toLowerCase());
  return id;
}

function nameOfAction(uses: string): string {
  if (uses.startsWith('./') || uses.startsWith('.\\')) return 'self';
  const [repository = ''] = uses.replace(/^docker:\/\//, '').split('@');
  return repository
    .split('/')
    .slice(0, 2)
    .join('_')
    .replace(/[^A-Za-z0-9_-]/g, '_');
}

/** Leaves out what is undefined, so that an absent key stays absent. */
export function present<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: NonNullable<T[K]> };
}
