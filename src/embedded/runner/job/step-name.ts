import type { StepDefinition } from '../definition/workflow-definition.ts';
import { evaluateText, type Scope } from '../expression/evaluate.ts';

/** What GitHub shows as a step's name: the author's, or `Run …` with the action or the script's first line. */
export function stepName(step: StepDefinition, scope: Scope): string {
  const own = readable(step.name, scope);
  if (own !== undefined && own !== '') return own;
  if (step.work.kind === 'uses') return `Run ${step.work.uses}`;
  const script = readable(step.work.script, scope) ?? '';
  return `Run ${script.trimStart().split('\n')[0]?.trim() ?? ''}`;
}

/** A name is best effort: an expression in it that cannot be evaluated yet is shown as it was written. */
function readable(token: StepDefinition['name'], scope: Scope): string | undefined {
  try {
    return evaluateText(token, scope);
  } catch {
    return token?.toString();
  }
}
