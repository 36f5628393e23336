import type { ClaimKey } from '../../../src/domain/claim.ts';
import { issueClaimKey } from '../../../src/domain/claim.ts';
import type { TaskRecord } from '../../../src/domain/coordination/task-record.ts';
import type { StackPlace } from '../../fakes/stack-world/stack-place.ts';
import type { AskedIssue, WrittenComment } from './judge-answers.ts';

interface GitHubIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: 'open' | 'closed';
  readonly labels: readonly { readonly name: string }[];
}

export interface MirrorFigures {
  readonly issues: readonly AskedIssue[];
  readonly problems: readonly string[];
}

/** Every issue stands in the books as GitHub has it. */
export async function judgeMirror(
  { send }: Pick<StackPlace, 'send'>,
  repositories: readonly string[],
  tasks: ReadonlyMap<ClaimKey, TaskRecord>,
): Promise<MirrorFigures> {
  const issues: AskedIssue[] = [];
  const problems: string[] = [];
  for (const repository of repositories) {
    const [owner = '', name = ''] = repository.split('/');
    for (const issue of await pages<GitHubIssue>(send, `/repos/${repository}/issues?state=all`)) {
      const comments = await pages<WrittenComment>(send, `/repos/${repository}/issues/${issue.number}/comments?`);
      issues.push({ repository, number: issue.number, comments });
      const task = tasks.get(issueClaimKey(owner, name, issue.number));
      const told = task && difference(task.issue, issue);
      if (task === undefined) problems.push(`${repository}#${issue.number} is not in the books`);
      else if (told !== undefined) problems.push(`${repository}#${issue.number}: ${told}`);
    }
  }
  return { issues, problems };
}

function difference({ title, body, forgeState, labels }: TaskRecord['issue'], issue: GitHubIssue): string | undefined {
  const told = [title, body, forgeState, labels.toSorted().join()];
  const real = [
    issue.title,
    issue.body ?? '',
    issue.state,
    issue.labels
      .map(({ name }) => name)
      .sort()
      .join(),
  ];
  const at = told.findIndex((value, index) => value !== real[index]);
  return at === -1 ? undefined : `the books say "${told[at]}", GitHub "${real[at]}"`;
}

async function pages<Item>(send: StackPlace['send'], where: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let page = 1; ; page += 1) {
    const found = await send<readonly Item[]>('GET', `${where}&per_page=100&page=${page}`);
    items.push(...found);
    if (found.length < 100) return items;
  }
}
