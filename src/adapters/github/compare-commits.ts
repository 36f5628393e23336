import type { Comparison } from '../../ports/forge.ts';
import type { GitHubApi } from './api.ts';
import { listIn, objectIn, textIn } from './json-reader.ts';

/** GitHub tells of 300 files in a comparison, and not that there are more. */
const mostFiles = 300;

/** By GitHub's own comparison. No common history at all is a 404, as is a commit that is gone. */
export async function compareCommits(api: GitHubApi, base: string, head: string): Promise<Comparison> {
  if (base === head) return { kind: 'same' };
  const answer = await api.send({
    route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
    params: { basehead: `${base}...${head}`, per_page: 1 },
    purpose: `compare ${head} with ${base}`,
    expected: [404],
  });
  if (answer.status === 404) return { kind: 'apart' };
  const told = objectIn(answer.data, 'comparison');
  const status = textIn(told, 'status');
  if (status === 'identical') return { kind: 'same' };
  if (status !== 'ahead') return { kind: 'apart' };
  const files = listIn(told, 'files');
  return { kind: 'ahead', paths: files.length >= mostFiles ? undefined : files.flatMap(namesOf) };
}

/** By GitHub's own comparison; undefined when the two have no history in common, or one is gone. */
export async function readMergeBase(api: GitHubApi, base: string, head: string): Promise<string | undefined> {
  if (base === head) return base;
  const answer = await api.send({
    route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
    params: { basehead: `${base}...${head}`, per_page: 1 },
    purpose: `find where ${head} left ${base}`,
    expected: [404],
  });
  if (answer.status === 404) return undefined;
  return textIn(objectIn(objectIn(answer.data, 'comparison')['merge_base_commit'], 'merge base'), 'sha');
}

/** Of a renamed file both names. */
export function namesOf(entry: unknown): readonly string[] {
  const file = objectIn(entry, 'file');
  const name = textIn(file, 'filename');
  return file['status'] === 'renamed' ? [name, textIn(file, 'previous_filename')] : [name];
}
