import { EntropyError } from '../domain/error.ts';
import type { PolicyProblem } from '../domain/policy/policy-problem.ts';
import { policyProblems, problemText } from '../domain/policy/policy-problems.ts';
import { mergeSettings, type Settings } from '../domain/settings.ts';
import { type Gate, type PermittedRequest, settingsPath } from './gate.ts';

/**
 * How to prepare and test is asked of the branch that is worked on. Who may do what, limits and protected paths stay
 * those of the default branch: whoever can push some branch must not be able to loosen them there.
 */
export async function settingsAtBase(
  { forge, settingsFrom }: Gate,
  { settings, defaultHead }: PermittedRequest,
  base: { readonly branch: string; readonly sha: string },
): Promise<Settings | EntropyError> {
  if (base.sha === defaultHead) return settings;
  const file = await forge.file(settingsPath, base.sha);
  try {
    const where = `${settingsPath} at ${base.branch}`;
    const { setup, test, sandboxEnv } = await settingsFrom(file, where);
    const combined = { ...settings, setup, test, sandboxEnv };
    const [problem] = newProblems(settings, combined);
    return problem === undefined ? combined : unsafeAtBase(where, problem);
  } catch (error) {
    if (error instanceof EntropyError && error.code === 'E101') return error;
    throw error;
  }
}

/**
 * What the other branch's commands make of settings that were safe together: its file was judged with limits of its own, which do
 * not count. Compared, for settings do not tell where each of them came from, and some problems are only of what a file says.
 */
function newProblems(settings: Settings, combined: Settings): readonly PolicyProblem[] {
  const problemsOf = (values: Settings) => policyProblems(mergeSettings([{ source: settingsPath, values }]));
  const known = new Set(problemsOf(settings).map(problemText));
  return problemsOf(combined).filter((problem) => !known.has(problemText(problem)));
}

function unsafeAtBase(where: string, problem: PolicyProblem): EntropyError {
  return new EntropyError({
    code: 'E101',
    message: `${where}, with the policy of the default branch: ${problemText(problem)}; ${problem.fix}`,
    fix: problem.fix,
  });
}
