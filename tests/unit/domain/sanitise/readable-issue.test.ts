import { expect, it } from 'vitest';
import { hiddenIn, readableIssue } from '../../../../src/domain/sanitise/readable-issue.ts';
import { cpuMs } from '../../../fakes/cpu-time.ts';
import { sampleTask } from '../../../fakes/sample-task.ts';

const comment = (body: string, author = 'bob') => ({
  id: 1,
  author,
  body,
  createdAt: '2026-11-01',
  updatedAt: '2026-11-01',
});
const issueWith = (comments: readonly ReturnType<typeof comment>[]) => ({ ...sampleTask().issue, comments });

it('an issue is read place by place, and what was left out of it is told with its place and in all', () => {
  const issue = {
    ...issueWith([comment('fine'), comment('<!-- a -->b<!-- c -->', 'carol')]),
    title: 'Cra\u200bsh',
    body: 'It <!-- x --> does.',
    labels: ['bug\u202e'],
  };
  expect(readableIssue(issue)).toMatchObject({
    title: 'Crash',
    body: 'It … does.',
    labels: ['bug'],
    leftOut: 0,
    sanitised: [
      { place: 'title', removed: { zeroWidth: 1 } },
      { place: 'text', removed: { comment: 1 } },
      { place: 'label', removed: { direction: 1 } },
      { place: 'comment by @carol', removed: { comment: 2 } },
    ],
  });
  expect(hiddenIn(issue)).toEqual({ zeroWidth: 1, comment: 3, direction: 1 });
});

it('the newest comments count, and hidden text takes no room from those that are seen', () => {
  const hidden = comment(`<!-- ${'x'.repeat(30_000)} -->seen`);
  const { comments, leftOut } = readableIssue(issueWith([comment('old'), hidden, hidden, comment('new')]));
  expect([comments.map(({ body }) => body), leftOut]).toEqual([['old', '…seen', '…seen', 'new'], 0]);
});

it('a flood of comments that hide all they hold costs no more than a long discussion', () => {
  const flood = Array.from({ length: 2_000 }, () => comment('<!--'.repeat(16_000)));
  const started = cpuMs();
  expect(readableIssue(issueWith(flood)).leftOut).toBeGreaterThan(1_990);
  expect(cpuMs() - started).toBeLessThan(500);
});
