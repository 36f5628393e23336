import { drawFrom } from '../fakes/seeded-numbers.ts';
import { countFlag, type Figure, type FigureFlags } from './figure.ts';
import { type ZombieTally, zombieRounds } from './zombies/zombie-rounds.ts';

export const options: FigureFlags = { zombies: { kind: 'count' }, seed: { kind: 'count' } };

/**
 * Publishers that are held up at every moment of their work, lose their claim, and go on when a successor has begun or is
 * done: on the embedded GitHub, over HTTP, with the claims in git refs and in SQLite. What came of it GitHub itself tells.
 */
export const figure: Figure = async (figureOptions) => {
  const { quick, progress } = figureOptions;
  const wanted = countFlag(figureOptions, 'zombies', quick ? 60 : 1_000);
  const seed = countFlag(figureOptions, 'seed', 20_261_121);
  const figures: Record<string, ZombieTally> = {};
  for (const store of ['git-refs', 'sqlite'] as const) {
    figures[store] = await zombieRounds({
      store,
      zombies: Math.ceil(wanted / 2),
      draw: drawFrom(seed),
      progress: (line) => progress(`${store}: ${line}`),
    });
  }
  const all = Object.values(figures);
  const zombies = all.reduce((sum, tally) => sum + tally.zombies, 0);
  const merged = all.reduce((sum, tally) => sum + tally.merges.accepted, 0);
  const problems = all.reduce((sum, tally) => sum + tally.problems.length, 0);
  const told = Object.entries(figures).map(([store, tally]) => [
    store,
    { ...tally, problems: tally.problems.slice(0, 10) },
  ]);
  return {
    kind: 'measured',
    ok: problems === 0 && merged === 0 && zombies >= wanted,
    figures: { seed, zombies, merged, problems, ...Object.fromEntries(told) },
    limits: { zombies: '≥ 1000', merged: 0, problems: 0 },
  };
};
