import { describe, expect, it } from 'vitest';
import { createForgeHooks } from '../../src/adapters/github/forge-hooks.ts';
import { createForgeIssues } from '../../src/adapters/github/forge-issues.ts';
import type { ForgeIssues, ListedIssue } from '../../src/ports/forge-issues.ts';
import { type EmbeddedForgeFixture, embeddedForge } from './embedded-forge.fixture.ts';

const repository = { owner: 'octo', name: 'slug' };

async function room(issues: number): Promise<{ at: EmbeddedForgeFixture; issues: ForgeIssues; numbers: number[] }> {
  const at = await embeddedForge({ 'README.md': '# slug\n' });
  const numbers: number[] = [];
  for (let index = 0; index < issues; index += 1) {
    numbers.push(await at.openIssue('alice', { title: `Issue ${index}`, body: 'x' }));
  }
  return { at, issues: createForgeIssues(at.apiOf('alice')), numbers };
}

async function all(issues: ForgeIssues, since?: string): Promise<ListedIssue[]> {
  const found: ListedIssue[] = [];
  for await (const page of issues.changedSince(since)) found.push(...page);
  return found;
}

describe('the issues of the embedded GitHub', () => {
  it('are listed to the end, though all have changed in the same second', async () => {
    const { at, issues, numbers } = await room(230);
    await using _ = at;
    const found = new Set((await all(issues)).map(({ issue }) => issue.number));
    expect([...found].sort((a, b) => a - b)).toEqual(numbers);
  });

  it('are listed from a moment on, closed ones and pull requests too', async () => {
    const { at, issues, numbers } = await room(1);
    await using _ = at;
    const [listed] = await all(issues);
    expect(listed).toMatchObject({
      issue: { repository: 'octo/slug', number: numbers[0], kind: 'issue', author: 'alice', forgeState: 'open' },
      links: { blockedBy: 0, subIssues: 0 },
    });
    expect(await all(issues, new Date(Date.now() + 60_000).toISOString())).toEqual([]);
    const place = { repository, number: numbers[0] ?? 0 };
    expect(await issues.find(place)).toEqual(listed);
    expect(await issues.find({ repository, number: 999 })).toBeUndefined();
  });

  it('wait for each other as GitHub is told, and never in a circle', async () => {
    const { at, issues, numbers } = await room(3);
    await using _ = at;
    const [one = 0, two = 0, three = 0] = numbers;
    const place = (number: number) => ({ repository, number });
    expect(await issues.addBlockedBy(one, place(two))).toBe('added');
    expect(await issues.addBlockedBy(one, place(two))).toBe('exists');
    expect(await issues.addBlockedBy(two, place(three))).toBe('added');
    expect(await issues.addBlockedBy(three, place(one))).toBe('cycle');
    expect(await issues.addBlockedBy(one, place(999))).toBe('missing');
    expect((await issues.blockedBy(one)).map(({ number }) => number)).toEqual([two]);
    expect((await issues.blocking(three)).map(({ number }) => number)).toEqual([two]);
    expect((await issues.find(place(one)))?.links).toEqual({ blockedBy: 1, subIssues: 0 });
    expect(await issues.removeBlockedBy(one, place(two))).toBe('removed');
    expect(await issues.removeBlockedBy(one, place(two))).toBe('missing');
    expect(await issues.parent(one)).toBeUndefined();
    expect(await issues.subIssues(one)).toEqual([]);
  });
});

describe('the webhooks of the embedded GitHub', () => {
  it('are registered, changed, listed with what was sent, asked to send again, and deleted', async () => {
    const at = await embeddedForge({ 'README.md': '# slug\n' });
    await using _ = at;
    const hooks = createForgeHooks(at.apiOf('alice'));
    const settings = { url: `${at.github.url}/nobody`, events: ['issues'], secret: 'one' };
    const hook = await hooks.create(settings);
    expect(hook).toMatchObject({ url: settings.url, events: ['issues'], active: true });
    expect(hook.lastStatus).toBeUndefined();
    await hooks.update(hook.id, { ...settings, events: ['issues', 'sub_issues'] });
    for (let index = 0; index < 5; index += 1) await at.openIssue('alice', { title: 't', body: '' });
    await expect.poll(async () => (await hooks.deliveries(hook.id, 100)).length).toBe(5);
    const sent = await hooks.deliveries(hook.id, 100);
    expect((await hooks.deliveries(hook.id, 2)).map(({ id }) => id)).toEqual(sent.slice(0, 2).map(({ id }) => id));
    expect(sent[0]).toMatchObject({ event: 'issues', action: 'opened', redelivery: false });
    expect(await hooks.redeliver(hook.id, sent[0]?.id ?? 0)).toBe('accepted');
    await expect.poll(async () => (await hooks.deliveries(hook.id, 1))[0]?.redelivery).toBe(true);
    expect((await hooks.deliveries(hook.id, 1))[0]?.guid).toBe(sent[0]?.guid);
    expect(await hooks.redeliver(hook.id, 1)).toBe('missing');
    expect((await hooks.list()).map(({ id }) => id)).toEqual([hook.id]);
    expect(await hooks.delete(hook.id)).toBe('deleted');
    expect(await hooks.delete(hook.id)).toBe('missing');
  });

  it('are for administrators: whoever else asks is told which token it takes', async () => {
    const at = await embeddedForge({ 'README.md': '# slug\n' });
    await using _ = at;
    await expect(createForgeHooks(at.jobApi()).list()).rejects.toMatchObject({
      code: 'E204',
      fix: expect.stringContaining('admin:repo_hook'),
    });
  });
});
