import * as nodeModule from 'node:module';
import type { TemplateSchema } from '@actions/workflow-parser/templates/schema/index';

export interface Schemas {
  readonly workflow: TemplateSchema;
  readonly action: TemplateSchema;
}

let loading: Promise<Schemas> | undefined;

/** GitHub's own schemas of workflow files and action manifests. About 50 ms the first time, so callers may warm it up. */
export function loadSchemas(): Promise<Schemas> {
  loading ??= importSchemas();
  return loading;
}

/**
 * The package imports its JSON without the attribute that Node demands. While the two modules load, a resolve hook
 * adds it for exactly those files; a bundler inlines the JSON and never meets the hook.
 */
async function importSchemas(): Promise<Schemas> {
  const hook = addJsonAttributeHook();
  try {
    const [workflow, action] = await Promise.all([
      import('@actions/workflow-parser/workflows/workflow-schema'),
      import('@actions/workflow-parser/actions/action-schema'),
    ]);
    return { workflow: workflow.getWorkflowSchema(), action: action.getActionSchema() };
  } finally {
    hook.remove();
  }
}

const schemaFile = /-v1\.0\.min\.json$/;

function addJsonAttributeHook(): { remove(): void } {
  if (nodeModule.registerHooks === undefined) {
    // Node before 22.15 has only the asynchronous kind, which cannot be taken away again; it stays as narrow as this.
    const source = `export async function resolve(specifier, context, next) {
      const resolved = await next(specifier, context);
      return ${schemaFile}.test(specifier) ? { ...resolved, importAttributes: { type: 'json' } } : resolved;
    }`;
    nodeModule.register(`data:text/javascript,${encodeURIComponent(source)}`);
    return { remove: () => {} };
  }
  const hooks = nodeModule.registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      return schemaFile.test(specifier) ? { ...resolved, importAttributes: { type: 'json' } } : resolved;
    },
  });
  return { remove: () => hooks.deregister() };
}
