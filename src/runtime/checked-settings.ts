import { policyProblems, problemText } from '../domain/policy/policy-problems.ts';
import { type MergedSettings, mergeSettings, type SettingsLayer } from '../domain/settings.ts';
import { refuseProblems } from './setting-sources.ts';

/**
 * The settings of a run, laid over each other. Throws one E101 for values that do not go together, wherever each of them
 * was given: an input can make an unsafe whole of a file that was safe.
 */
export function checkedSettings(layers: readonly SettingsLayer[]): MergedSettings {
  const merged = mergeSettings(layers);
  const problems = policyProblems(merged).map((problem) => {
    const places = problem.settings.map((key) => merged.sources[key]).filter((place) => place !== 'default');
    const where = places.length === 0 ? '' : `${[...new Set(places)].join(' with ')}: `;
    return `${where}${problemText(problem)}; ${problem.fix}`;
  });
  refuseProblems(problems, 'correct them together; `entropy-playground policy check` tells all of it with lines');
  return merged;
}
