import path from 'node:path';
import { tempFolder } from '../fakes/temp-folder.ts';
import { type BudgetOutcome, runBudgetScene } from './budget-runs.ts';
import type { Figure } from './figure.ts';

const runs = 200;
const firstSeed = 20_261_121;

/**
 * 200 runs at once against one day's money, over the SQLite store and the broker's own ledger, in random orders; 5 % die.
 * In half of the rounds prompts turn out dearer than they were taken for: then a run may be over by one step, no more,
 * and the books say so. In the other half the sum never passes the limit.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const rounds = quick ? 4 : 40;
  const exact: BudgetOutcome[] = [];
  const surprised: BudgetOutcome[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const surprises = round % 2 === 1;
    using folder = tempFolder({});
    const file = path.join(folder.root, 'state.db');
    const outcome = await runBudgetScene({ seed: firstSeed + round, runs, file, surprises });
    (surprises ? surprised : exact).push(outcome);
    progress(`round ${round + 1} of ${rounds}: ${outcome.granted} granted, ${outcome.refused} refused`);
  }
  const all = [...exact, ...surprised];
  const problems = all.flatMap((outcome) => outcome.problems);
  const sum = (of: readonly BudgetOutcome[], what: 'granted' | 'refused' | 'died' | 'calls' | 'overshot') =>
    of.reduce((total, outcome) => total + outcome[what], 0);
  const share = (of: readonly BudgetOutcome[], what: 'spentMicroUsd' | 'mostAtGrant') =>
    Math.max(...of.map((outcome) => Math.round((outcome[what] / outcome.capMicroUsd) * 10_000) / 10_000));
  const worstOvershootInSteps = Math.max(...all.map((outcome) => outcome.worstOvershootInSteps));
  return {
    kind: 'measured',
    ok: problems.length === 0,
    figures: {
      seed: firstSeed,
      rounds,
      runsARound: runs,
      granted: sum(all, 'granted'),
      refused: sum(all, 'refused'),
      died: sum(all, 'died'),
      modelCalls: sum(all, 'calls'),
      mostRunsAtOnce: Math.max(...all.map((outcome) => outcome.mostRunsAtOnce)),
      exactPrompts: {
        largestShareAtGrant: share(exact, 'mostAtGrant'),
        largestShareSpent: share(exact, 'spentMicroUsd'),
        overshot: sum(exact, 'overshot'),
      },
      dearerPrompts: {
        largestShareSpent: share(surprised, 'spentMicroUsd'),
        overshot: sum(surprised, 'overshot'),
        worstOvershootInSteps: Math.round(worstOvershootInSteps * 1_000) / 1_000,
      },
      problems: problems.slice(0, 20),
    },
    limits: { problems: 0, worstOvershootInSteps: 1, 'exactPrompts.largestShareSpent': 1 },
  };
};
