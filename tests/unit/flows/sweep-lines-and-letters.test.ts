import { describe, expect, test } from 'vitest';
import { takeDelivery } from '../../../src/flows/dispatch/take-delivery.ts';
import { sweepLines } from '../../../src/flows/sweep/sweep-lines.ts';
import { sweepOnce } from '../../../src/flows/sweep/sweep-once.ts';
import { tellDeadLetters } from '../../../src/flows/sweep/tell-dead-letters.ts';
import type { DeadLetter, QueuedWork } from '../../../src/ports/task-queue.ts';
import { dispatchScene } from '../../fakes/dispatch-scene.ts';
import { noBounds, sweepRoom } from './sweep.fixture.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const { signal } = noBounds;
const line = 'organisation/octo';

describe('lines that nobody woke', () => {
  test('are woken when there is room, and those who wait for nothing leave', async () => {
    await using scene = await dispatchScene();
    await scene.stores.budgets.setCaps(line, { runs: 1 }, 'test');
    const issues = [await scene.openIssue('one'), await scene.openIssue('two'), await scene.openIssue('three')];
    for (const issue of issues) {
      scene.clock.advance(1_000);
      await takeDelivery(scene.room(), await scene.comment(issue, '/agent fix'), message, signal);
    }
    const [, two = 0, three = 0] = issues;
    const woken: QueuedWork[] = [];
    const queue = {
      deadLetters: async () => [],
      send: async (work: QueuedWork) => {
        woken.push(work);
        return 'sent' as const;
      },
    };
    expect(await sweepLines(sweepRoom(scene, { queue }), noBounds)).toEqual({ waiting: 2, woken: 0, left: 0 });

    await scene.stores.claims.takeOver({
      key: `github/octo/slug/issues/${two}`,
      holder: { owner: 'person/alice', runId: 'by-hand', kind: 'human', reason: 'mine' },
      leaseId: 'by-hand',
      ttlMs: 60_000,
    });
    await scene.stores.budgets.setCaps(line, { runs: 2 }, 'test');
    expect(await sweepLines(sweepRoom(scene, { queue }), noBounds)).toEqual({ waiting: 1, woken: 1, left: 1 });
    expect(woken.map(({ body }) => body['key'])).toEqual([`github/octo/slug/issues/${three}`]);
    expect((await scene.written(two))[0]).toContain('Left the line: a person has taken the issue');
    expect((await scene.written(three))[0]).toContain('Number 1 in line');
  });

  test('of a day that is over are woken', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const asked = await scene.comment(issue, '/agent fix');
    const key = `github/octo/slug/issues/${issue}`;
    const day = new Date(scene.clock.now()).toISOString().slice(0, 10);
    const since = scene.clock.now();
    await scene.stores.waiting.join({ key, line: `${line}/day/${day}`, limit: 'microUsd', since, asked });
    await scene.stores.claims.acquire({
      key: 'github/octo/slug/issues/999',
      holder: { owner: 'coder/x', runId: 'x', kind: 'agent', reason: '' },
      leaseId: 'x',
      ttlMs: 3_600_000,
      reserve: {
        draws: [{ key: `${line}/day/${day}`, caps: { microUsd: 5 } }],
        amounts: { microUsd: 5, tokens: 0, turns: 0, minutes: 0, githubPoints: 0 },
      },
      holderIsDead: async () => false,
    });
    expect(await sweepLines(sweepRoom(scene), noBounds)).toMatchObject({ woken: 0 });
    scene.clock.advance(24 * 3_600_000);
    expect(await sweepLines(sweepRoom(scene), noBounds)).toMatchObject({ waiting: 1, woken: 1 });
  });
});

describe('dead letters', () => {
  test('are told on the issue of whoever asked, once, and as soon as GitHub takes it', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const delivery = await scene.comment(issue, '/agent fix');
    const plain = await scene.comment(issue, 'Nice weather.');
    const letter = (id: string, body: object): DeadLetter => ({
      work: { id, task: `github/octo/slug/issues/${issue}`, role: 'dispatcher', body: { ...body } },
      reason: 'rejected',
      detail: 'E205: GitHub could not be reached',
      deliveries: 5,
      diedAt: 1,
    });
    const foreign = letter('foreign', { ...delivery, installation: 124 });
    const letters = [foreign, letter('asked', delivery), letter('told', plain), letter('junk', {})];
    const queue = { send: async () => 'sent' as const, deadLetters: async () => letters };
    const room = sweepRoom(scene, { queue });
    expect(await tellDeadLetters(room, noBounds)).toEqual({ dead: 4, told: 1 });
    expect(await tellDeadLetters(room, noBounds)).toEqual({ dead: 4, told: 0 });
    expect(await scene.written(issue)).toEqual([
      expect.stringMatching(/no further try is made \(E205\)[\s\S]*`GitHub could not be reached`[\s\S]*`asked`/),
    ]);
  });
});

describe('a sweep', () => {
  test('goes on when one of its parts fails, and tells which', async () => {
    await using scene = await dispatchScene();
    const room = sweepRoom(scene, {
      queue: {
        send: async () => 'sent',
        deadLetters: async () => {
          throw new Error('SQS is away');
        },
      },
    });
    const until = scene.clock.monotonic() + 10_000;
    const report = await sweepOnce(room, { until, clock: scene.clock, signal });
    expect(report.letters).toEqual({ kind: 'failed', fault: 'SQS is away' });
    const others = Object.entries(report).filter(([part]) => part !== 'letters');
    expect(others.map(([, { kind }]) => kind)).toEqual(others.map(() => 'done'));
    expect(report.tasks).toMatchObject({ figures: { repositories: 2 } });
    expect(await sweepOnce(room, { until: 0, clock: scene.clock, signal })).toMatchObject({
      claims: { kind: 'left-out' },
      tasks: { kind: 'left-out' },
    });
  });
});
