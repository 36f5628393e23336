import type { MergedSettings } from '../settings.ts';
import type { PolicyProblem } from './policy-problem.ts';

/** Work that everybody on GitHub can set off by opening something: somebody has to have said how much of it. */
export function unaskedWork({ values, sources }: MergedSettings): readonly PolicyProblem[] {
  const keys = (['automaticReview', 'automaticTriage'] as const).filter((key) => values[key] === 'everybody');
  return keys.flatMap((key): PolicyProblem[] => {
    const who = 'is everybody: whoever opens something sets an agent to work';
    const problems: PolicyProblem[] = [];
    if (sources.maxDayCostMicroUsd === 'default') {
      problems.push({
        kind: 'unsafe',
        settings: [key, 'maxDayCostMicroUsd'],
        message: `${who}, and nothing says how much they may spend`,
        fix: 'say it (budgets.max-day-usd: 5), or write permitted',
      });
    }
    if (values.agentNetwork.length > 0) {
      problems.push({
        kind: 'unsafe',
        settings: [key, 'agentNetwork'],
        message: `${who}, together with network.agent: a stranger tells the agent what to read and where to send it`,
        fix: 'leave out network.agent, or write permitted',
      });
    }
    return problems;
  });
}
