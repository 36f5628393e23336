import { findReleases, releasesHint } from '../../scripts/install-releases.ts';
import { generatedPair } from './conflicts/generated-pairs.ts';
import { gitVersion } from './conflicts/oracle.ts';
import type { ChangePair, PairSource } from './conflicts/pair.ts';
import { hasWholeHistory, pickedCommits } from './conflicts/picked-commits.ts';
import { releaseLines } from './conflicts/release-lines.ts';
import { type BadResolver, type Caught, type PairEnd, type TriedPair, tryPair } from './conflicts/try-pair.ts';
import type { Figure } from './figure.ts';

/** How many are looked for; a pair of release lines that git merges by itself is none. */
const wanted = {
  full: { picked: 44, lines: 10, generated: 9 },
  quick: { picked: 5, lines: 2, generated: 3 },
} as const;
const least = {
  full: { fromHistory: 50, resolvedFromHistory: 6, badTried: 150 },
  quick: { fromHistory: 6, resolvedFromHistory: 1, badTried: 20 },
} as const;
const atOnce = 2;

/**
 * Pairs of overlapping changes from real histories, merged by git as far as it goes, then by a resolver that sees nothing but the marks
 * (and asks where both sides changed the same words), and by four bad ones. What is resolved has passing tests, the publisher's consent,
 * and has lost nothing by git's own word differences; every bad merge is caught before any test is run, by the check and again by the
 * publisher. No pair is left out for what comes of it.
 */
export const figure: Figure = async ({ quick, progress }) => {
  const size = quick ? 'quick' : 'full';
  if (!hasWholeHistory()) return { kind: 'missing', what: "this repository's history", fix: 'git fetch --unshallow' };
  if (findReleases() === undefined) return { kind: 'missing', what: 'releases to merge', fix: releasesHint };
  const pairs: readonly ChangePair[] = [
    ...releaseLines(wanted[size].lines),
    ...pickedCommits(wanted[size].picked),
    ...Array.from({ length: wanted[size].generated }, (_, n) => generatedPair(n)),
  ];
  const tried: TriedPair[] = [];
  const waiting = [...pairs];
  const work = async (): Promise<void> => {
    for (let pair = waiting.shift(); pair !== undefined; pair = waiting.shift()) {
      const result = await tryPair(pair);
      if (result === undefined) continue;
      tried.push(result);
      progress(
        `${tried.length} of ${pairs.length}: ${result.name}: ${result.by}: ${result.end} ${result.lostByGit} ${JSON.stringify(result.bad)}`,
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));

  const limits = { ...least[size], lostHunks: 0, missed: 0 };
  const fromHistory = tried.filter(({ source }) => source !== 'generated');
  const resolved = tried.filter(({ end }) => end === 'resolved');
  const resolvedFromHistory = resolved.filter(({ source }) => source !== 'generated').length;
  const lost = resolved.filter(({ lostByGit }) => lostByGit > 0);
  const bad = tried.flatMap((pair) => badOf(pair));
  const missed = bad.filter(({ byCheck, byPublisher }) => !byCheck || !byPublisher);
  return {
    kind: 'measured',
    ok:
      fromHistory.length >= limits.fromHistory &&
      resolvedFromHistory >= limits.resolvedFromHistory &&
      bad.length >= limits.badTried &&
      lost.length === 0 &&
      missed.length === 0,
    figures: {
      git: gitVersion(),
      pairs: tried.length,
      fromHistory: fromHistory.length,
      bySource: Object.fromEntries(sources.map((source) => [source, endsOf(tried, source)])),
      resolvedWithTestsPassing: resolved.length,
      resolvedFromHistory,
      handedToPerson: tried.length - resolved.length,
      hunksInResolved: resolved.reduce((sum, { hunks }) => sum + hunks, 0),
      lostHunks: lost.reduce((sum, { lostByGit }) => sum + lostByGit, 0),
      lostIn: lost.map(({ name }) => name),
      refusedThoughGitMissesNothing: tried
        .filter(({ end, lostByGit }) => (end === 'refused: check' || end === 'refused: publisher') && lostByGit === 0)
        .map(({ name }) => name),
      badMerges: Object.fromEntries(badResolvers.map((name) => [name, countBad(bad, name)])),
      badTried: bad.length,
      missed: missed.map(({ pair, name, byCheck }) => `${pair}: ${name}, by ${byCheck ? 'publisher' : 'check'}`),
    },
    limits,
  };
};

const sources: readonly PairSource[] = ['release lines', 'picked commits', 'generated'];
const badResolvers: readonly BadResolver[] = ['takes ours', 'takes theirs', 'drops a change', 'leaves the marks'];

function endsOf(tried: readonly TriedPair[], source: PairSource): Readonly<Partial<Record<PairEnd, number>>> {
  const counts: Partial<Record<PairEnd, number>> = {};
  for (const pair of tried) if (pair.source === source) counts[pair.end] = (counts[pair.end] ?? 0) + 1;
  return counts;
}

interface TriedBad extends Caught {
  readonly pair: string;
  readonly name: BadResolver;
}

function badOf({ name: pair, bad }: TriedPair): readonly TriedBad[] {
  return badResolvers.flatMap((name) => {
    const caught = bad[name];
    return caught === undefined ? [] : [{ pair, name, ...caught }];
  });
}

function countBad(all: readonly TriedBad[], name: BadResolver) {
  const those = all.filter((each) => each.name === name);
  return {
    tried: those.length,
    caughtByCheck: those.filter(({ byCheck }) => byCheck).length,
    caughtByPublisher: those.filter(({ byPublisher }) => byPublisher).length,
  };
}
