import type { ActionManifest } from '../definition/action-manifest.ts';
import type { Deferred } from '../definition/workflow-definition.ts';
import { evaluateText, evaluateTexts, type Scope } from '../expression/evaluate.ts';
import type { StepChannel } from './job-run.ts';

export interface ActionInputsRequest {
  readonly given: Deferred | undefined;
  readonly definitions: ActionManifest['inputs'];
  readonly scope: Scope;
  readonly channel: StepChannel;
}

/**
 * The values of an action's inputs by name: as given, else by default. An unknown name is passed on with a warning and
 * a missing `required` one is the action's own business, both as on GitHub.
 */
export function actionInputs(request: ActionInputsRequest): Record<string, string> {
  const { definitions, scope, channel } = request;
  const given = evaluateTexts(request.given, scope);
  const known = new Map([...definitions.keys()].map((name) => [name.toLowerCase(), name]));
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    values[known.get(name.toLowerCase()) ?? name] = value;
    const deprecation = definitions.get(known.get(name.toLowerCase()) ?? '')?.deprecation;
    if (deprecation !== undefined)
      channel.annotate('warning', `Input '${name}' has been deprecated with message: ${deprecation}`);
  }
  const unexpected = Object.keys(given).filter((name) => !known.has(name.toLowerCase()));
  if (unexpected.length > 0) {
    const valid = [...definitions.keys()].join("', '");
    channel.annotate('warning', `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid}']`);
  }
  for (const [name, definition] of definitions) {
    if (values[name] === undefined) values[name] = evaluateText(definition.default, scope) ?? '';
  }
  return values;
}

/** `github-token` becomes `INPUT_GITHUB-TOKEN`: spaces turn into `_`, the rest only into upper case. */
export function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  const variables = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    value,
  ]);
  return Object.fromEntries(variables);
}
