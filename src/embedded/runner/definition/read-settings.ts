import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { present } from './read-steps.ts';
import { entriesOf, plainValue } from './template-reading.ts';
import type { PermissionsText, RunDefaults } from './workflow-definition.ts';

export function readPermissions(token: TemplateToken | undefined): PermissionsText | undefined {
  const value = plainValue(token);
  if (value === 'read-all' || value === 'write-all') return value;
  if (value === null || typeof value !== 'object') return undefined;
  return Object.fromEntries(Object.entries(value).map(([scope, level]) => [scope, String(level)]));
}

export function readDefaults(token: TemplateToken | undefined): RunDefaults {
  const run = entriesOf(entriesOf(token).get('run'));
  return present({ shell: run.get('shell'), workingDirectory: run.get('working-directory') });
}
