import { expect, test } from 'vitest';
import { coordinatorScene } from '../../fakes/coordinator-scene.ts';

test('a query that would keep everybody waiting is given up', { timeout: 30_000 }, async () => {
  await using it = coordinatorScene();
  const token = await it.key('viewer', { repositories: ['octo/slug'] });
  const issue = { repository: 'octo/slug', kind: 'issue', title: 'long', author: 'ada', forgeState: 'open' } as const;
  const more = { labels: [], assignees: [], comments: 0, createdAt: 1, updatedAt: 1 };
  const body = 'lorem ipsum dolor '.repeat(14_000);
  for (let number = 1; number <= 100; number += 1) {
    await it.coordination.tasks.mirror({ ...issue, ...more, number, body }, 'system');
  }
  const q = Array.from({ length: 120 }, (_, index) => `-"lorem ${index}"`).join(' ');
  const started = performance.now();
  const answer = await it.ask('GET', `/v1/tasks?q=${encodeURIComponent(q)}`, { token });
  expect(answer).toMatchObject({ status: 400, body: { code: 'E106' } });
  expect(performance.now() - started).toBeLessThan(10_000);
  expect((await it.ask('GET', '/v1/tasks?q=is:open&limit=1', { token })).body.total).toBe(100);
});
