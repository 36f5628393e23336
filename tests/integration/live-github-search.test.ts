import { describe, expect, test } from 'vitest';
import { createForgeIssues } from '../../src/adapters/github/forge-issues.ts';
import { createLiveTasks } from '../../src/adapters/live-github/live-tasks.ts';
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { issueClaimKey } from '../../src/domain/claim.ts';
import { parseQuery } from '../../src/domain/query/parser.ts';
import { syncRepository } from '../../src/flows/sync-repository.ts';
import type { IssueSearch } from '../../src/ports/forge-issues.ts';
import { embeddedForge } from '../contract/embedded-forge.fixture.ts';
import { memoryClaimStore } from '../fakes/memory-claim-store.ts';

const repository = { owner: 'octo', name: 'slug' };

/** Plain GitHub with four issues; what is asked of its search is written down. */
async function plainGitHub() {
  const at = await embeddedForge({ 'README.md': '# slug\n' });
  const clock = createSystemClock();
  const open = (title: string, more: { readonly body?: string } = {}) =>
    at.openIssue('alice', { title, body: '', ...more });
  const numbers = [
    await open('Crash'),
    await open('Slow', { body: 'cc @carol' }),
    await open('Crash too'),
    await open('Hi'),
  ];
  const [first = 0, , third = 0] = numbers;
  await at.commentAs('carol', first, 'I saw this crash as well: segfault.');
  await at.commentAs('carol', third, 'Me too.');
  const claims = memoryClaimStore(clock);
  await claims.acquire({
    key: issueClaimKey('octo', 'slug', third),
    holder: { owner: 'alice', runId: 'run-1', kind: 'human', reason: 'mine' },
    leaseId: 'lease',
    ttlMs: 60_000,
    holderIsDead: async () => false,
  });
  const issues = createForgeIssues(at.apiOf('alice'));
  const asked: IssueSearch[] = [];
  const tasks = createLiveTasks({
    claims,
    fill: async (into) => {
      await syncRepository(
        { tasks: into, issues, host: 'github.com' },
        { repository, actor: 'github' },
        new AbortController().signal,
      );
    },
    find: async (search) => {
      asked.push(search);
      return issues.search(search);
    },
  });
  const found = async (text: string): Promise<readonly string[]> => {
    const parsed = parseQuery(text);
    if (parsed.kind === 'error') throw new Error(parsed.error.message);
    const context = { now: clock.now(), staleAfterMs: 60_000 };
    const page = await tasks.search(parsed.query, context, { offset: 0, limit: 10 });
    expect(page.total).toBe(page.tasks.length);
    return page.tasks.map(({ issue }) => issue.title);
  };
  return { at, asked, found };
}

describe('tasks of plain GitHub', () => {
  test('are found without its search when the issues tell enough', async () => {
    const { at, asked, found } = await plainGitHub();
    await using _ = at;
    expect(await found('crash is:open')).toEqual(['Crash', 'Crash too']);
    expect(await found('is:claimed OR no:label comments:9')).toEqual(['Crash too']);
    expect(asked).toEqual([]);
  });

  test('are found with its search where only it knows, the rest decided here', async () => {
    const { at, asked, found } = await plainGitHub();
    await using _ = at;
    expect(await found('commenter:carol comments:>=1')).toEqual(['Crash', 'Crash too']);
    expect(await found('commenter:carol is:claimed')).toEqual(['Crash too']);
    expect(await found('-commenter:carol -is:claimed sort:created-asc')).toEqual(['Slow', 'Hi']);
    expect(await found('mentions:carol')).toEqual(['Slow']);
    expect(await found('segfault in:comments')).toEqual(['Crash']);
    expect(await found('segfault')).toEqual([]);
    expect(await found('author:@me')).toHaveLength(4);
    expect(asked.map(({ search }) => search)).toEqual([
      'commenter:carol comments:>=1',
      'commenter:carol',
      '-commenter:carol',
      'mentions:carol',
      'segfault in:comments',
      'author:@me',
    ]);
  });

  test('keep the order that only GitHub knows', async () => {
    const { at, found } = await plainGitHub();
    await using _ = at;
    expect((await found('sort:interactions')).slice(0, 2).sort()).toEqual(['Crash', 'Crash too']);
  });

  test('are refused with the place when neither side can answer alone', async () => {
    const { at, asked, found } = await plainGitHub();
    await using _ = at;
    await expect(found('is:ready OR commenter:carol')).rejects.toMatchObject({ code: 'E106' });
    await expect(found('stars:>5')).rejects.toMatchObject({ code: 'E106' });
    expect(asked).toEqual([]);
  });
});
