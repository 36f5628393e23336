import type { Deferred } from '../definition/workflow-definition.ts';
import { evaluateTexts } from '../expression/evaluate.ts';
import type { StepExecution } from '../job/job-run.ts';
import { stepScope } from '../job/step-scope.ts';
import type { Conclusion } from '../run-report.ts';
import { type BuiltinInput, builtinInputs } from './builtin-inputs.ts';
import type { BuiltinName } from './builtin-names.ts';
import { BuiltinFailure, type BuiltinStep } from './builtin-step.ts';
import { missCache } from './cache.ts';
import { checkOut } from './checkout.ts';
import { downloadArtifact } from './download-artifact.ts';
import { setUpNode } from './setup-node.ts';
import { uploadArtifact } from './upload-artifact.ts';

export interface BuiltinUse {
  readonly name: BuiltinName;
  readonly work: { readonly uses: string; readonly inputs?: Deferred };
  readonly displayName: string;
}

const actions: Readonly<Record<BuiltinName, (builtin: BuiltinStep) => Promise<void> | void>> = {
  'actions/checkout': checkOut,
  'actions/upload-artifact': uploadArtifact,
  'actions/download-artifact': downloadArtifact,
  'actions/setup-node': setUpNode,
  'actions/cache': missCache,
  'actions/cache/restore': missCache,
  'actions/cache/save': missCache,
};

/** Runs our own version of one of GitHub's actions inside this process. */
export async function runBuiltin(use: BuiltinUse, step: StepExecution): Promise<Conclusion> {
  const scope = stepScope({ frame: step.frame, env: step.env, action: step.action });
  const given = evaluateTexts(use.work.inputs, scope);
  step.channel.log.write(`##[group]Run ${use.work.uses}\n${use.name} of the local runner\n##[endgroup]`);
  try {
    const inputs = readInputs(use.name, given, step);
    await actions[use.name]({ step, inputs, displayName: use.displayName });
    return 'success';
  } catch (error) {
    if (step.signal.aborted) {
      step.channel.annotate('error', 'The operation was canceled.');
      return 'cancelled';
    }
    if (!(error instanceof BuiltinFailure)) throw error;
    step.channel.annotate('error', error.message);
    return 'failure';
  }
}

function readInputs(
  name: BuiltinName,
  given: Readonly<Record<string, string>>,
  step: StepExecution,
): Record<string, string> {
  const definitions = builtinInputs[name];
  const inputs: Record<string, string> = {};
  for (const [key, definition] of Object.entries(definitions)) inputs[key] = defaultValue(definition.default, step);
  const unexpected: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const known = Object.keys(definitions).find((candidate) => candidate.toLowerCase() === key.toLowerCase());
    if (known === undefined) unexpected.push(key);
    else if (definitions[known]?.use === 'refused' && value !== definitions[known]?.default && value !== '') {
      throw new BuiltinFailure(`The local runner's ${name} does not have the input '${known}'`);
    } else inputs[known] = value.trim() === '' && known !== 'path' ? (inputs[known] ?? '') : value;
  }
  if (unexpected.length > 0) {
    const valid = Object.keys(definitions).join("', '");
    step.channel.annotate('warning', `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid}']`);
  }
  return inputs;
}

function defaultValue(value: BuiltinInput['default'], step: StepExecution): string {
  return typeof value === 'string' ? value : String(step.frame.job.github[value.github] ?? '');
}
