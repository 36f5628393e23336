import { forbidden, type ProblemDetails } from './problems.ts';

/** A caller who is limited to repositories asked for a list of more than those. */
export function tooWide(choices: readonly string[]): { readonly kind: 'problem'; readonly problem: ProblemDetails } {
  const named = choices.slice(0, 5).join(', ');
  return {
    kind: 'problem',
    problem: forbidden('this caller is limited to some repositories, and the list asks for more', `name one: ${named}`),
  };
}
