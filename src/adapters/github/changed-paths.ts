import type { GitHubApi } from './api.ts';
import { namesOf } from './compare-commits.ts';
import { listIn, objectIn } from './json-reader.ts';

/** GitHub tells of 3,000 files at most, 300 at a time. */
const maxPages = 10;

/** What a commit changes, by GitHub's own comparison with its first parent. */
export async function readChangedPaths(api: GitHubApi, sha: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const answer = await api.send({
      route: 'GET /repos/{owner}/{repo}/commits/{ref}',
      params: { ref: sha, page },
      purpose: `read what commit ${sha} changes`,
    });
    paths.push(...listIn(objectIn(answer.data, 'commit'), 'files').flatMap(namesOf));
    if (!/;\s*rel="next"/.test(answer.headers['link'] ?? '')) break;
  }
  return paths;
}
