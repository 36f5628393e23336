import { expect, test } from 'vitest';
import { sqliteCoordination } from '../../../src/adapters/sqlite/coordination.ts';
import { openDatabase } from '../../../src/adapters/sqlite/database.ts';
import type { MirroredIssue } from '../../../src/domain/coordination/task-record.ts';
import { mirrorEvent } from '../../../src/flows/mirror-event.ts';
import { simulatedClock } from '../../fakes/simulated-clock.ts';

const issue: MirroredIssue = {
  repository: 'octo/slug',
  number: 1,
  kind: 'issue',
  title: 'a title',
  body: 'Blocked by #2',
  author: 'ada',
  forgeState: 'open',
  labels: [],
  assignees: [],
  comments: 0,
  createdAt: 1,
  updatedAt: 1,
};

test('a delivery that is late, or told again, does not bring back what an older text waited for', async () => {
  const clock = simulatedClock();
  await using coordination = sqliteCoordination(openDatabase({ path: ':memory:', clock }));
  const books = { ...coordination, clock, newId: () => 'id', host: 'github.com', log: () => undefined };
  const tell = (told: Partial<MirroredIssue>) =>
    mirrorEvent(books, { kind: 'issue', issue: { ...issue, ...told }, actor: 'github/ada' });
  const edges = () => coordination.tasks.dependencies('github/octo/slug/issues/1');

  await tell({});
  expect(await edges()).toHaveLength(1);
  await tell({ body: 'free', updatedAt: 2 });
  expect(await edges()).toEqual([]);
  await tell({});
  expect(await edges()).toEqual([]);
});

test('of two words about one second GitHub is asked which one holds', async () => {
  const clock = simulatedClock();
  await using coordination = sqliteCoordination(openDatabase({ path: ':memory:', clock }));
  let asked = 0;
  const lookUp = async (): Promise<MirroredIssue> => {
    asked += 1;
    return { ...issue, body: '', title: 'the newer title' };
  };
  const books = { ...coordination, clock, newId: () => 'id', host: 'github.com', log: () => undefined, lookUp };
  const tell = (title: string) =>
    mirrorEvent(books, { kind: 'issue', issue: { ...issue, body: '', title }, actor: 'github/ada' });
  const title = async () => (await coordination.tasks.read('github/octo/slug/issues/1'))?.issue.title;

  await tell('the newer title');
  await tell('the newer title');
  expect(asked).toBe(0);
  await tell('the older title, told late');
  expect(await title()).toBe('the newer title');
  expect(asked).toBe(1);
});
