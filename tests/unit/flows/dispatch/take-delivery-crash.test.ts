import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QueuedDelivery } from '../../../../src/domain/dispatch/queued-message.ts';
import { requestNames } from '../../../../src/domain/dispatch/request-names.ts';
import type { DispatchRoom } from '../../../../src/flows/dispatch/dispatch-room.ts';
import { takeDelivery } from '../../../../src/flows/dispatch/take-delivery.ts';
import { type DispatchScene, dispatchScene } from '../../../fakes/dispatch-scene.ts';
import { Killed, killPoints } from '../../../fakes/kill-points.ts';

const lockMs = 60_000;
const signal = new AbortController().signal;
const message = { deliveries: 1, isLast: false, workId: 'work', lockMs };

/** Every call that leaves the process for what others can see. */
function killedAt(scene: DispatchScene, at: number): { readonly room: DispatchRoom; readonly passed: () => number } {
  const points = killPoints(at);
  const room = scene.room();
  const watched: DispatchRoom = {
    ...room,
    heard: points.watch(room.heard, ['begin', 'finish', 'forget']),
    claims: points.watch(room.claims, ['acquire', 'release', 'beginEffect']),
    tasks: points.watch(room.tasks, ['mirror', 'change']),
    runs: points.watch(room.runs, ['open', 'change']),
    objects: points.watch(room.objects, ['put', 'head']),
    connect: (repository) => {
      const access = room.connect(repository);
      return {
        ...access,
        forge: points.watch(access.forge, ['createComment', 'updateComment', 'deleteComment', 'reactToComment']),
        workflows: points.watch(access.workflows, ['dispatch', 'find']),
      };
    },
  };
  return { room: watched, passed: () => points.passed };
}

describe('a dispatcher that is killed', () => {
  let scene: DispatchScene;
  beforeAll(async () => {
    scene = await dispatchScene();
    // Each kill is one run at work, so the limits must not be what stops them.
    const now = { microUsd: 1e15, tokens: 1e15, runs: 1e6 };
    for (const scope of ['repository/octo/slug', 'organisation/octo']) {
      await scene.stores.budgets.setCaps(scope, { runs: now.runs }, 'test');
      await scene.stores.budgets.setCaps(`${scope}/day`, { microUsd: now.microUsd, tokens: now.tokens }, 'test');
    }
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  /** Until the message is done with, as the queue would: after its lock is over. */
  async function again(delivery: QueuedDelivery, kills: readonly number[]): Promise<void> {
    for (const at of kills) {
      const { room } = killedAt(scene, at);
      const ended = await takeDelivery(room, delivery, message, signal).catch((error: unknown) => error);
      expect(ended).toBeInstanceOf(Killed);
      scene.clock.advance(lockMs + 1);
    }
    for (let tries = 0; tries < 3; tries += 1) {
      const taken = await takeDelivery(scene.room(), delivery, message, signal);
      if (taken.kind !== 'later') return;
      scene.clock.advance(taken.afterMs);
    }
    throw new Error('never done with');
  }

  async function expectOneOfEach(delivery: QueuedDelivery, issue: number): Promise<void> {
    const { runId, leaseId } = requestNames(delivery, 0);
    expect(await scene.stores.claims.read(`github/octo/slug/issues/${issue}`)).toMatchObject({
      state: 'held',
      fence: 1,
      leaseId,
    });
    const starts = scene.started().filter(({ title }) => title === runId);
    expect(starts).toHaveLength(1);
    expect(await scene.stores.runs.read(runId)).toMatchObject({ state: 'queued', workflowRun: { id: starts[0]?.id } });
    expect(await scene.written(issue)).toEqual([expect.stringContaining('is working on this')]);
    const runs = await scene.stores.runs.list({ task: `github/octo/slug/issues/${issue}`, limit: 10 });
    expect(runs).toHaveLength(1);
  }

  test('before or after any write is followed by one that ends with one of each', async () => {
    const issue = await scene.openIssue('the one that is not killed');
    const { room, passed } = killedAt(scene, Number.POSITIVE_INFINITY);
    await takeDelivery(room, await scene.comment(issue, '/agent fix'), message, signal);
    expect(passed()).toBeGreaterThan(25);
    // After each call; before the next one is the same moment.
    for (let at = 2; at <= passed(); at += 2) {
      const number = await scene.openIssue(`killed at ${at}`);
      const delivery = await scene.comment(number, '/agent fix');
      await again(delivery, [at]);
      await expectOneOfEach(delivery, number);
    }
  }, 60_000);

  test('again and again is followed by one that ends with one of each', async () => {
    const issue = await scene.openIssue('killed often');
    const delivery = await scene.comment(issue, '/agent fix');
    await again(delivery, [3, 10, 7, 14, 12, 9, 13]);
    await expectOneOfEach(delivery, issue);
  });
});
