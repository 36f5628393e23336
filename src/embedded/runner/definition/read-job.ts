import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { refusal } from '../refusal.ts';
import { readDefaults, readPermissions } from './read-settings.ts';
import { present, readCondition, readSteps } from './read-steps.ts';
import { entriesOf, itemsOf, type OpenTemplate, textOf } from './template-reading.ts';
import type { JobDefinition, JobWork } from './workflow-definition.ts';

const refusedKeys = ['container', 'services', 'snapshot'] as const;
const ignoredKeys = ['environment', 'cancel-timeout-minutes'] as const;

export function readJob(template: OpenTemplate, id: string, token: TemplateToken): JobDefinition {
  const parts = entriesOf(token);
  for (const key of refusedKeys) {
    if (!parts.has(key)) continue;
    throw refusal(
      `Job '${id}' of ${template.path} uses '${key}', which the local runner does not have`,
      `Run the workflow on GitHub, or without '${key}'.`,
    );
  }
  return {
    id,
    needs: readNeeds(parts.get('needs')),
    condition: readCondition(template, parts.get('if')),
    work: readWork(template, parts),
    ignored: ignoredKeys.filter((key) => parts.has(key)),
    ...present({
      name: parts.get('name'),
      permissions: readPermissions(parts.get('permissions')),
      strategy: parts.get('strategy'),
      concurrency: parts.get('concurrency'),
    }),
  };
}

function readNeeds(token: TemplateToken | undefined): readonly string[] {
  const single = textOf(token);
  return single === undefined ? itemsOf(token).flatMap((item) => textOf(item) ?? []) : [single];
}

function readWork(template: OpenTemplate, parts: ReadonlyMap<string, TemplateToken>): JobWork {
  const uses = textOf(parts.get('uses'));
  if (uses !== undefined) {
    const secrets = parts.get('secrets');
    const passed = textOf(secrets) === 'inherit' ? ('inherit' as const) : secrets;
    return { kind: 'call', uses, ...present({ inputs: parts.get('with'), secrets: passed }) };
  }
  return {
    kind: 'steps',
    defaults: readDefaults(parts.get('defaults')),
    steps: readSteps(template, parts.get('steps')),
    ...present({
      env: parts.get('env'),
      outputs: parts.get('outputs'),
      timeoutMinutes: parts.get('timeout-minutes'),
      continueOnError: parts.get('continue-on-error'),
    }),
  };
}
