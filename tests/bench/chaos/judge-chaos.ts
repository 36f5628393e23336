import type { SqsTaskQueue } from '../../../src/adapters/aws/sqs-task-queue.ts';
import { type FaultPlan, neverKilled } from './fault-plan.ts';
import { judgeAnswers } from './judge-answers.ts';
import { archivedPositions } from './judge-archive.ts';
import { judgeBooks } from './judge-books.ts';
import { judgeMirror } from './judge-mirror.ts';
import { judgeNames } from './judge-names.ts';
import type { ChaosParts } from './run-chaos.ts';

export interface Judging {
  readonly open: readonly string[];
  readonly repositories: readonly string[];
  /** So many calls were made that every kind of them must have been met. */
  readonly isWhole: boolean;
  readonly desk: Pick<SqsTaskQueue, 'depth' | 'deadLetters'>;
}

const tokenLifeMs = 50 * 60_000;
const shown = 30;

/** What became of everything, against GitHub's own word and the books' log. */
export async function judgeChaos(parts: ChaosParts, { open, repositories, isWhole, desk }: Judging) {
  const { world, plan, books, queue, runner } = parts;
  const { replayed, log, ...book } = await judgeBooks(books);
  const mirror = await judgeMirror(world.place, repositories, replayed.tasks);
  const runs = [...replayed.runs.values()];
  const answers = judgeAnswers(mirror.issues, { sent: world.gateway.sent.values(), runs });
  const names = judgeNames(world.gateway.sent.values(), { events: log, issues: mirror.issues });
  const archive = await archivedPositions(world.place);
  const letters = await desk.deadLetters({ limit: 1_000 });
  const missed = neverKilled(plan);
  const tokens = tokensAllowed(parts);
  const doubled = [...runner.pickUps].filter(([, by]) => by.size > 1).map(([run]) => `${run} was carried out twice`);
  const isArchived =
    archive.positions.length === book.events && archive.positions.every((position, index) => position === index + 1);
  const failures = [
    ...open.map((what) => `open: ${what}`),
    ...mirror.problems.map((what) => `mirror: ${what}`),
    ...answers.problems.map((what) => `answer: ${what}`),
    ...names.map((what) => `names: ${what}`),
    ...book.problems.map((what) => `books: ${what}`),
    ...doubled.map((what) => `doubled: ${what}`),
    ...(isArchived ? [] : [`archive: ${archive.positions.length} of ${book.events} events`]),
    ...(world.minted.length > tokens ? [`tokens: ${world.minted.length} were minted, ${tokens} are allowed`] : []),
    ...(isWhole ? missed.map((what) => `never killed around: ${what}`) : []),
  ];
  const { problems: _book, ...bookFigures } = book;
  const { problems: _answers, ...answerFigures } = answers;
  return {
    failures: failures.slice(0, shown),
    failed: failures.length,
    deliveries: world.gateway.counts,
    queue: { ...queue.counts, ...(await desk.depth()) },
    deadLetters: letters
      .map(({ work, reason, detail }) => `${work.task} ${reason} ${detail ?? ''}`.trim())
      .slice(0, shown),
    load: parts.load.acted,
    runner: { ...runner.counts, refused: countsOf(runner.refusals), faults: runner.faults.slice(0, 5) },
    issues: mirror.issues.length,
    ...answerFigures,
    books: bookFigures,
    archive: { objects: archive.objects, events: archive.positions.length },
    tokens: {
      minted: world.minted.length,
      allowed: tokens,
      simulatedMinutes: Math.round(world.time.shiftMs() / 60_000),
    },
    starts: Object.fromEntries(Object.entries(world.functions).map(([name, { starts }]) => [name, starts()])),
    calls: plan.calls(),
    faults: totals(plan),
    neverKilled: missed,
    coverage: coverage(plan),
  };
}

/** One in fifty minutes, and one more for each time that one was minted and nobody got to keep it. */
function tokensAllowed({ world, plan }: ChaosParts): number {
  const lost = [...plan.hits]
    .filter(([key]) => key.endsWith('/access_tokens'))
    .reduce((sum, [, hits]) => sum + hits['killed-after'] + hits['answer-lost'], 0);
  const sealing = [...plan.hits].filter(([key]) => /kms Encrypt$/.test(key));
  const unsealed = sealing.reduce((sum, [, hits]) => sum + hits['killed-before'] + hits['killed-after'], 0);
  return Math.ceil(world.time.shiftMs() / tokenLifeMs) + 1 + lost + unsealed;
}

function coverage({ hits }: FaultPlan): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...hits]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([kind, known]) => [
        kind,
        `${known.calls} calls, killed ${known['killed-before']} before ${known['killed-after']} after, lost ${known['request-lost']}+${known['answer-lost']}, throttled ${known.throttled}, failed ${known.failed}`,
      ]),
  );
}

function totals(plan: FaultPlan): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const hits of plan.hits.values()) {
    for (const [name, count] of Object.entries(hits)) if (name !== 'calls') sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

function countsOf(refusals: readonly string[]): Readonly<Record<string, number>> {
  const kinds = Map.groupBy(refusals, (told) => told.replace(/^.*: /, ''));
  return Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length]));
}
