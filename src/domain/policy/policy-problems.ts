import { type MergedSettings, settingNames } from '../settings.ts';
import { contradictions } from './contradictions.ts';
import type { PolicyProblem } from './policy-problem.ts';
import { unsafeCombinations } from './unsafe-combinations.ts';

/** Everything that is wrong with settings taken together; none with the defaults. */
export function policyProblems(merged: MergedSettings): readonly PolicyProblem[] {
  return [...unsafeCombinations(merged), ...contradictions(merged)];
}

/** `who.fix is read, which …`: the setting as the file names it, and what is wrong. */
export function problemText({ settings, at, message }: PolicyProblem): string {
  const name = settingNames[settings[0]];
  return `${at === undefined ? name : `${name}.${at}`} ${message}`;
}
