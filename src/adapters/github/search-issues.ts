import { EntropyError } from '../../domain/error.ts';
import { fullName } from '../../domain/repository.ts';
import type { IssueSearch } from '../../ports/forge-issues.ts';
import type { GitHubApi } from './api.ts';
import { integerIn, listIn, objectIn } from './json-reader.ts';

const perPage = 100;
/** GitHub tells no more of one search. */
const mostFound = 1_000;

/**
 * Issues and pull requests are asked for one after the other: tokens of Apps may not ask for both at once. Sorted by GitHub
 * they stay in its order; those of the two answers follow each other.
 */
export async function searchIssues(api: GitHubApi, asked: IssueSearch): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (const kind of ['is:issue', 'is:pull-request']) numbers.push(...(await searchKind(api, asked, kind)));
  return numbers;
}

async function searchKind(api: GitHubApi, { search, order }: IssueSearch, kind: string): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await api.send({
      route: 'GET /search/issues',
      params: {
        q: `${search} repo:${fullName(api.repository)} ${kind}`.trim(),
        ...(order !== undefined && { sort: order.by, order: order.direction }),
        ...{ advanced_search: 'true', per_page: perPage, page },
      },
      purpose: 'search for issues',
    });
    const answer = objectIn(data, 'search');
    const total = integerIn(answer, 'total_count');
    if (answer['incomplete_results'] === true || total > mostFound) throw notAll(total);
    const items = listIn(answer, 'items');
    numbers.push(...items.map((item) => integerIn(objectIn(item, 'item'), 'number')));
    if (items.length < perPage || numbers.length >= total) return numbers;
  }
}

function notAll(total: number): EntropyError {
  return new EntropyError({
    code: 'E200',
    message: `GitHub's search does not tell all that it found (${total.toLocaleString('en-US')})`,
    fix: `ask for less, for example with created:>=2026-01-01; GitHub tells ${mostFound.toLocaleString('en-US')} at most`,
    retryable: total <= mostFound,
  });
}
