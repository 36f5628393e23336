import { isDeepStrictEqual } from 'node:util';
import { githubSearch } from '../../src/domain/query/github-search.ts';
import { parseQuery } from '../../src/domain/query/parser.ts';
import { printQuery } from '../../src/domain/query/printer.ts';
import { generatedQuery } from '../fakes/generated-queries.ts';
import { generatedTasks } from '../fakes/generated-tasks.ts';
import { githubExampleQueries } from '../fakes/github-query-examples.ts';
import { drawFrom } from '../fakes/seeded-numbers.ts';
import type { Figure } from './figure.ts';
import { hammerParser } from './parser-fuzz.ts';
import { generatedContext, openAgreement } from './query-agreement.ts';

const seed = 20_261_121;

/** Reading gives back what printing wrote; SQL and memory find the same; GitHub's examples can be read. */
export const figure: Figure = async ({ quick, progress }) => {
  const failures: string[] = [];
  const roundTrips = quick ? 10_000 : 100_000;
  progress(`${roundTrips} round trips`);
  failures.push(...failedRoundTrips(roundTrips));

  const tasks = generatedTasks(quick ? 1_000 : 10_000, seed);
  const queries = quick ? 500 : 10_000;
  const agreed = agreement(tasks, queries, progress);
  failures.push(...agreed.failures);

  const unread = githubExampleQueries.filter((text) => parseQuery(text).kind === 'error');
  failures.push(...unread.map((text) => `GitHub's example cannot be read: ${text}`));

  const inputs = quick ? 20_000 : 1_000_000;
  progress(`${inputs} odd inputs`);
  const fuzz = hammerParser(inputs, seed);
  failures.push(...fuzz.failures);
  return {
    kind: 'measured',
    ok: failures.length === 0,
    figures: {
      roundTrips,
      agreement: { queries, tasks: tasks.length, ...agreed.figures },
      githubExamples: { read: githubExampleQueries.length - unread.length, of: githubExampleQueries.length },
      githubExamplesAnswered: answeredByGitHub(),
      fuzz: fuzz.figures,
      failures: failures.slice(0, 10),
      seed,
    },
    limits: { failures: 0 },
  };
};

function failedRoundTrips(count: number): readonly string[] {
  const draw = drawFrom(seed);
  const failed: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const query = generatedQuery(draw, 'any', 4);
    const text = printQuery(query);
    const read = parseQuery(text);
    const same = read.kind === 'ok' && isDeepStrictEqual(read.query, query) && printQuery(read.query) === text;
    if (!same) failed.push(`not read as it was printed: ${text}`);
  }
  return failed;
}

function agreement(
  tasks: Parameters<typeof openAgreement>[0],
  count: number,
  progress: (line: string) => void,
): { readonly failures: readonly string[]; readonly figures: Readonly<Record<string, number>> } {
  const draw = drawFrom(seed + 1);
  using check = openAgreement(tasks);
  const failures: string[] = [];
  let [nothing, everything, inOrder] = [0, 0, 0];
  for (let index = 0; index < count; index += 1) {
    if (index % 1_000 === 0) progress(`${index} of ${count} queries over ${tasks.length} tasks`);
    const look = index % 10 === 0 ? 'order' : 'set';
    const { found, difference } = check.compare(generatedQuery(draw, 'tasks', 2), look);
    if (look === 'order') inOrder += 1;
    if (found === 0) nothing += 1;
    if (found === tasks.length) everything += 1;
    if (difference !== undefined) failures.push(difference);
  }
  return { failures, figures: { comparedInOrder: inOrder, foundNothing: nothing, foundEverything: everything } };
}

/** Those about issues; the others are about repositories, code and commits. */
function answeredByGitHub(): number {
  return githubExampleQueries.filter((text) => {
    const read = parseQuery(text);
    return (
      read.kind === 'ok' && githubSearch(read.query, { context: generatedContext, syntax: 'advanced' }).kind === 'ok'
    );
  }).length;
}
