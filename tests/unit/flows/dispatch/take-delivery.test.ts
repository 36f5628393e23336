import { describe, expect, test } from 'vitest';
import { nothing } from '../../../../src/domain/coordination/amounts.ts';
import { requestNames } from '../../../../src/domain/dispatch/request-names.ts';
import { takeDelivery } from '../../../../src/flows/dispatch/take-delivery.ts';
import { dispatchScene } from '../../../fakes/dispatch-scene.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const signal = new AbortController().signal;

describe('a delivery that asks for an agent', () => {
  test('ends in one claim, one comment, one queued run with its task, and one start', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const delivery = await scene.comment(issue, '/agent fix');
    const taken = await takeDelivery(scene.room(), delivery, message, signal);

    const { runId, leaseId } = requestNames(delivery, 0);
    expect(taken).toEqual({ kind: 'done', what: 'started', runId });
    const run = await scene.stores.runs.read(runId);
    const [started] = scene.started();
    expect(scene.started()).toHaveLength(1);
    expect(run).toMatchObject({
      state: 'queued',
      leaseId,
      workflowRun: { id: started?.id, attempt: 1 },
      dispatched: { tries: 1, traceparent: delivery.traceparent },
    });
    const claim = await scene.stores.claims.read(`github/octo/slug/issues/${issue}`);
    expect(claim).toMatchObject({ state: 'held', leaseId, holder: { runId } });
    expect(await scene.stores.objects.head(`runs/${runId}/task.json`)).toMatchObject({
      contentType: 'application/json',
    });
    expect(await scene.written(issue)).toEqual([expect.stringContaining('coder is working on this')]);
    expect(await scene.stores.tasks.read(`github/octo/slug/issues/${issue}`)).toMatchObject({
      state: 'claimed',
      runId,
    });
  });

  test('starts nothing in a public repository for code that is not public, and says so', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const delivery = await scene.comment(issue, '/agent fix');
    const room = scene.room();
    const central = scene.room({
      started: { ...room.started, runnerRepository: { owner: 'octo', name: 'agents' } },
      connect: (place) => {
        const connection = room.connect(place);
        return { ...connection, forge: { ...connection.forge, isPublic: async () => place.name === 'agents' } };
      },
    });
    const taken = await takeDelivery(central, delivery, message, signal);
    expect(taken).toMatchObject({ kind: 'done', what: 'start-refused', text: expect.stringContaining('is public') });
    expect(scene.started()).toEqual([]);
    expect((await scene.written(issue)).join()).toContain('octo/agents, where runs are carried out, is public');
    expect(await scene.stores.claims.read(`github/octo/slug/issues/${issue}`)).toMatchObject({ state: 'free' });
  });

  test('is heard once, also under another id, and an id is heard once', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const delivery = await scene.comment(issue, '/agent fix');
    await takeDelivery(scene.room(), delivery, message, signal);
    const again = await takeDelivery(scene.room(), delivery, message, signal);
    const renamed = await takeDelivery(scene.room(), { ...delivery, delivery: 'other' }, message, signal);
    const resent = await takeDelivery(
      scene.room(),
      { ...delivery, receivedAt: delivery.receivedAt + 5 },
      message,
      signal,
    );
    const other = await takeDelivery(scene.room(), { ...delivery, bodySha256: 'f'.repeat(64) }, message, signal);
    for (const taken of [again, renamed, resent, other]) {
      expect(taken).toMatchObject({ kind: 'dropped', why: 'heard-before' });
    }
    expect(scene.started()).toHaveLength(1);
    expect(await scene.written(issue)).toHaveLength(1);
  });

  test('is not believed for a repository that its installation does not cover (W7)', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const delivery = await scene.comment(issue, '/agent fix');
    const taken = await takeDelivery(scene.room(), { ...delivery, installation: 124 }, message, signal);
    expect(taken).toMatchObject({ kind: 'dropped', why: 'not-believable' });
    expect(scene.started()).toEqual([]);
    expect(await scene.stores.tasks.read(`github/octo/slug/issues/${issue}`)).toBeUndefined();
  });

  test('is not believed when it tells of something older than GitHub would send', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const delivery = await scene.comment(issue, '/agent fix');
    const late = { ...delivery, receivedAt: delivery.receivedAt + 5 * 24 * 3_600_000 };
    expect(await takeDelivery(scene.room(), late, message, signal)).toMatchObject({ kind: 'dropped', why: 'too-late' });
  });

  test('is answered without a run where no agent is needed', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const help = await scene.comment(issue, '/agent help');
    expect(await takeDelivery(scene.room(), help, message, signal)).toMatchObject({ kind: 'done', what: 'answered' });
    const stranger = await scene.comment(issue, '/agent fix', scene.github.tokens.carol);
    expect(await takeDelivery(scene.room(), stranger, message, signal)).toMatchObject({ what: 'refused' });
    const plain = await scene.comment(issue, 'Nice weather.');
    expect(await takeDelivery(scene.room(), plain, message, signal)).toMatchObject({ what: 'ignored' });
    const own = scene.github.events.findLast(
      ({ name, payload }) => name === 'issue_comment' && JSON.stringify(payload).includes('<!-- entropy:'),
    );
    expect(own).toBeDefined();
    expect(scene.started()).toEqual([]);
  });

  test('is stopped by /agent stop, which cancels the workflow run that the run record names', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const fix = await scene.comment(issue, '/agent fix');
    await takeDelivery(scene.room(), fix, message, signal);
    const stop = await scene.comment(issue, '/agent stop');
    expect(await takeDelivery(scene.room(), stop, message, signal)).toMatchObject({ what: 'answered' });
    const { runId } = requestNames(fix, 0);
    expect(await scene.stores.runs.read(runId)).toMatchObject({ state: 'cancelled' });
    const cancelled = scene.github.exchanges.filter(({ path }) => path.endsWith('/cancel'));
    expect(cancelled).toHaveLength(1);
    expect(await scene.stores.claims.read(`github/octo/slug/issues/${issue}`)).toMatchObject({ state: 'free' });
    const book = await scene.stores.budgets.read(`issue/octo/slug/${issue}`);
    expect(book, 'nobody had come for it').toMatchObject({ spent: nothing, reserved: nothing, runs: 0 });
  });

  test('which was picked up before it was stopped counts with all that it had reserved', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const fix = await scene.comment(issue, '/agent fix');
    await takeDelivery(scene.room(), fix, message, signal);
    const { runId } = requestNames(fix, 0);
    const { reserved } = (await scene.stores.budgets.read(`issue/octo/slug/${issue}`)) ?? {};
    await scene.stores.runs.change(runId, { to: 'running', actor: 'test' });
    await takeDelivery(scene.room(), await scene.comment(issue, '/agent stop'), message, signal);
    expect(reserved?.microUsd).toBeGreaterThan(0);
    expect(await scene.stores.budgets.read(`issue/octo/slug/${issue}`)).toMatchObject({ spent: reserved, runs: 0 });
  });

  test('whose workflow GitHub will not start ends as failed, with what is missing', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    await scene.github.commit('main', { '.github/workflows/agent.yml': 'name: agent\non: push\njobs: {}\n' });
    const delivery = await scene.comment(issue, '/agent fix');
    expect(await takeDelivery(scene.room(), delivery, message, signal)).toMatchObject({ what: 'start-refused' });
    expect(await scene.stores.runs.read(requestNames(delivery, 0).runId)).toMatchObject({ state: 'failed' });
    expect(await scene.written(issue)).toEqual([expect.stringMatching(/failed[\s\S]*workflow_dispatch/)]);
  });
});

describe('a delivery that fails', () => {
  test('is thrown to be tried again, and the next try does it', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const delivery = await scene.comment(issue, '/agent fix');
    const broken = scene.room({
      objects: {
        head: async () => undefined,
        put: async () => {
          throw new Error('the bucket is away');
        },
      },
    });
    await expect(takeDelivery(broken, delivery, message, signal)).rejects.toThrow('the bucket is away');
    expect(await scene.written(issue)).toEqual([expect.stringContaining('is working on this')]);
    expect(await takeDelivery(scene.room(), delivery, { ...message, deliveries: 2 }, signal)).toMatchObject({
      what: 'started',
    });
    expect(await scene.written(issue)).toHaveLength(1);
    expect(scene.started()).toHaveLength(1);
  });

  test('for the last time is given up: freed, told, and handed out anew under new names', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const delivery = await scene.comment(issue, '/agent fix');
    const broken = scene.room({
      objects: {
        head: async () => undefined,
        put: async () => {
          throw new Error('the bucket is away');
        },
      },
    });
    const last = { ...message, deliveries: 5, isLast: true };
    expect(await takeDelivery(broken, delivery, last, signal)).toEqual({
      kind: 'given-up',
      reason: 'E900: the bucket is away',
      told: 'told',
    });
    expect(await scene.stores.claims.read(`github/octo/slug/issues/${issue}`)).toMatchObject({ state: 'free' });
    expect(await scene.stores.budgets.read('organisation/octo')).toMatchObject({ runs: 0 });
    const [tracking, told] = await scene.written(issue);
    expect(tracking).toContain('coder failed');
    expect(told).toMatch(/no further try is made \(E900\)[\s\S]*\/agent retry[\s\S]*queue redrive/);

    expect(await takeDelivery(scene.room(), delivery, message, signal)).toEqual({
      kind: 'done',
      what: 'started',
      runId: requestNames(delivery, 1).runId,
    });
  });
});
