import { generatedPair } from './conflicts/generated-pairs.ts';
import { historyPairs } from './conflicts/history-pairs.ts';
import { gitVersion } from './conflicts/oracle.ts';
import type { ChangePair } from './conflicts/pair.ts';
import { type BadResolver, type TriedPair, tryPair } from './conflicts/try-pair.ts';
import type { Figure } from './figure.ts';

/** Of all; what a history does not give is generated. */
const wanted = { full: { all: 50, history: 20 }, quick: { all: 12, history: 3 } } as const;
/** A pair that git merges by itself is none. */
const mostTries = 90;
const atOnce = 3;

/**
 * Pairs of overlapping changes, merged by git as far as it goes, then by a careful resolver (which asks where both cannot be kept)
 * and by four bad ones. What is resolved has passing tests and has lost nothing by git's own word differences; every bad merge is
 * caught by the check alone, before any test is run.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const { all, history } = quick ? wanted.quick : wanted.full;
  const tried: TriedPair[] = [];
  const take = async (pairs: readonly ChangePair[]): Promise<void> => {
    const results = await Promise.all(pairs.map(tryPair));
    for (const result of results) {
      if (result === undefined || tried.length === all) continue;
      tried.push(result);
      progress(`${tried.length} of ${all}: ${result.name}: ${result.end} ${JSON.stringify(result.bad)}`);
    }
  };
  const real = historyPairs(history);
  for (let at = 0; at < real.length; at += atOnce) await take(real.slice(at, at + atOnce));
  const fromHistory = tried.length;
  for (let n = 0; tried.length < all && n < mostTries; n += atOnce) {
    await take(Array.from({ length: atOnce }, (_, at) => generatedPair(n + at)));
  }

  const ended = (end: TriedPair['end']): number => tried.filter((pair) => pair.end === end).length;
  const caught = Object.fromEntries(badResolvers.map((name) => [name, countBad(tried, name)]));
  const missed = tried.flatMap(({ name, bad }) =>
    badResolvers.filter((each) => bad[each] === 'missed').map((each) => `${name}: ${each}`),
  );
  const lost = tried.reduce((sum, { lostByGit }) => sum + lostByGit, 0);
  const refused = tried.filter(({ end }) => end === 'refused: lost').map(({ name }) => name);
  const resolvedShare = ended('resolved') / Math.max(1, tried.length);
  return {
    kind: 'measured',
    ok: tried.length >= all && lost === 0 && missed.length === 0 && refused.length === 0 && resolvedShare >= 0.6,
    figures: {
      git: gitVersion(),
      pairs: tried.length,
      fromHistory,
      generated: tried.length - fromHistory,
      resolvedWithTestsPassing: ended('resolved'),
      handedToPerson: { asked: ended('asked'), lost: ended('refused: lost'), tests: ended('refused: tests') },
      hunksInResolved: tried.filter(({ end }) => end === 'resolved').reduce((sum, { hunks }) => sum + hunks, 0),
      lostHunks: lost,
      badMerges: caught,
      missed,
      rightAndRefused: refused,
    },
    limits: { pairs: all, lostHunks: 0, missed: 0, rightAndRefused: 0, resolvedShare: 0.6 },
  };
};

const badResolvers: readonly BadResolver[] = ['takes ours', 'takes theirs', 'drops a change', 'leaves the marks'];

function countBad(tried: readonly TriedPair[], name: BadResolver): { readonly tried: number; readonly caught: number } {
  const those = tried.flatMap(({ bad }) => bad[name] ?? []);
  return { tried: those.length, caught: those.filter((each) => each === 'caught').length };
}
