import type { TaskView } from '../../domain/coordination/task-record.ts';
import { unanswerableByTasks } from '../../domain/query/answerable.ts';
import type { QueryContext } from '../../domain/query/context.ts';
import { queryFault } from '../../domain/query/error.ts';
import { githubSearch } from '../../domain/query/github-search.ts';
import { sortValues } from '../../domain/query/sort.ts';
import type { Query } from '../../domain/query/syntax.ts';
import type { IssueSearch } from '../../ports/forge-issues.ts';

export interface AskedOfGitHub {
  /** What is left to ask of each task. */
  readonly left: Query;
  /** Where GitHub found each number; absent when it need not be asked. */
  readonly places?: ReadonlyMap<number, number>;
  /** GitHub's own order, when only GitHub knows what it goes by. */
  readonly order?: (a: TaskView, b: TaskView) => number;
}

/**
 * GitHub's search is asked only for what the issues themselves do not tell (`mentions:`, `linked:`, words in comments): it
 * tells 1,000 at most and has its own idea of words. Throws E106 for what neither can answer.
 */
export async function askGitHub(
  query: Query,
  context: QueryContext,
  find: (asked: IssueSearch) => Promise<readonly number[]>,
): Promise<AskedOfGitHub> {
  if (unanswerableByTasks(query, context.me) === undefined) return { left: query };
  const split = githubSearch(query, { context, syntax: 'advanced' });
  if (split.kind === 'error') throw queryFault(split.error);
  const { search, order, residual } = split;
  const numbers = await find({ search, ...(order !== undefined && { order }) });
  const places = new Map(numbers.map((number, place) => [number, place]));
  const githubsOrder = order !== undefined && sortValues(residual).length === 0;
  const placeOf = ({ issue }: TaskView): number => places.get(issue.number) ?? places.size;
  return { left: residual, places, ...(githubsOrder && { order: (a, b) => placeOf(a) - placeOf(b) }) };
}
