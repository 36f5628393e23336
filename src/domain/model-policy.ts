import { defaultModelName, parseModelChoice } from './model-choice.ts';
import { matchesWhole } from './path-rules.ts';

/** Whether a model may be asked. Globs are over whole names; a script or a recording asks no model and is always allowed. */
export function isModelAllowed(globs: readonly string[], spec: string): boolean {
  const choice = parseModelChoice(spec);
  if (globs.length === 0 || choice === undefined || choice.kind !== 'anthropic') return true;
  const name = choice.name ?? defaultModelName;
  return globs.some((glob) => matchesWhole(flat(glob), flat(name)));
}

/** A name is one word, whatever it holds: a gateway's `vendor/model` has no folders for a star to stop at. */
function flat(name: string): string {
  return name.replaceAll('/', ':');
}
