import { describe, expect, test } from 'vitest';
import { decidePickUp } from '../../../src/domain/dispatch/pick-up.ts';
import { requestNames } from '../../../src/domain/dispatch/request-names.ts';
import { EntropyError } from '../../../src/domain/error.ts';
import { beginWaitingRun } from '../../../src/flows/begin-run.ts';
import { takeDelivery } from '../../../src/flows/dispatch/take-delivery.ts';
import { sweepRuns } from '../../../src/flows/sweep/sweep-runs.ts';
import { sampleRun } from '../../fakes/coordination-samples.ts';
import { type DispatchScene, dispatchScene } from '../../fakes/dispatch-scene.ts';
import { noBounds, sweepRoom } from './sweep.fixture.ts';

const message = { deliveries: 1, isLast: false, workId: 'work', lockMs: 60_000 };
const { signal } = noBounds;
const minute = 60_000;

async function startedRun(scene: DispatchScene) {
  const issue = await scene.openIssue();
  const delivery = await scene.comment(issue, '/agent fix');
  await takeDelivery(scene.room(), delivery, message, signal);
  const { runId } = requestNames(delivery, 0);
  const run = await scene.stores.runs.read(runId);
  if (run === undefined) throw new Error('no run');
  return { issue, runId, run };
}

function endWorkflowRuns(scene: DispatchScene): void {
  for (const { id } of scene.started()) {
    scene.github.github.runs.update(id, { status: 'completed', conclusion: 'failure' });
  }
}

describe('a run that was started and not picked up', () => {
  test('is left alone while GitHub has a workflow run that waits for a runner, and is told as stuck', async () => {
    await using scene = await dispatchScene();
    await startedRun(scene);
    scene.clock.advance(10 * minute);
    expect(await sweepRuns(sweepRoom(scene), noBounds)).toMatchObject({ started: 0, ended: 0, stuck: 1 });
    expect(scene.started()).toHaveLength(1);
  });

  test('is started again after 1, 2, 4 and 8 minutes when its workflow run came to nothing, and then ends with a word', async () => {
    await using scene = await dispatchScene();
    const { issue, runId } = await startedRun(scene);
    const startedAfter: number[] = [];
    for (let minutes = 1; minutes <= 30; minutes += 1) {
      endWorkflowRuns(scene);
      scene.clock.advance(minute);
      const { started } = await sweepRuns(sweepRoom(scene), noBounds);
      if (started > 0) startedAfter.push(minutes);
    }
    expect(startedAfter).toEqual([1, 3, 7, 15]);
    expect(scene.started()).toHaveLength(5);
    expect(await scene.stores.runs.read(runId)).toMatchObject({ state: 'failed' });
    expect(await scene.stores.claims.read(`github/octo/slug/issues/${issue}`)).toMatchObject({ state: 'free' });
    expect(await scene.stores.budgets.read('organisation/octo')).toMatchObject({ runs: 0, reserved: { microUsd: 0 } });
    expect(await scene.written(issue)).toEqual([
      expect.stringMatching(/coder failed[\s\S]*was started 5 times[\s\S]*\/agent retry/),
    ]);
  });

  test('is found by its title when the answer to its start was lost', async () => {
    await using scene = await dispatchScene();
    const issue = await scene.openIssue();
    const delivery = await scene.comment(issue, '/agent fix');
    const room = scene.room();
    const losing = scene.room({
      connect: (repository) => {
        const access = room.connect(repository);
        return {
          ...access,
          workflows: {
            ...access.workflows,
            dispatch: async (workflow) => {
              await access.workflows.dispatch(workflow);
              throw new Error('the answer was lost');
            },
          },
        };
      },
    });
    await expect(takeDelivery(losing, delivery, message, signal)).rejects.toThrow('the answer was lost');
    const { runId } = requestNames(delivery, 0);
    expect((await scene.stores.runs.read(runId))?.workflowRun).toBeUndefined();
    scene.clock.advance(2 * minute);
    await sweepRuns(sweepRoom(scene), noBounds);
    expect(await scene.stores.runs.read(runId)).toMatchObject({ workflowRun: { id: scene.started()[0]?.id } });
    expect(scene.started()).toHaveLength(1);
  });
});

describe('a run that is started again', () => {
  /** Somebody comes for the run between its start and the moment in which the start is noted. */
  async function comesFirst(which: 'first' | 'second') {
    await using scene = await dispatchScene();
    const { runId, run } = await startedRun(scene);
    endWorkflowRuns(scene);
    scene.clock.advance(2 * minute);
    const swept = sweepRoom(scene);
    const decided: unknown[] = [];
    const room = sweepRoom(scene, {
      connect: (repository) => {
        const access = swept.connect(repository);
        const dispatch: typeof access.workflows.dispatch = async (workflow) => {
          const answer = await access.workflows.dispatch(workflow);
          const id = which === 'first' ? run.workflowRun?.id : scene.started().at(-1)?.id;
          const by = { id: id ?? 0, attempt: 1, url: '' };
          const now = await scene.stores.runs.read(runId);
          if (now === undefined) throw new Error('no run');
          decided.push(decidePickUp(now, by).kind);
          const lease = { key: run.task, leaseId: run.leaseId, fence: run.fence, expiresAt: 0 };
          decided.push((await beginWaitingRun(scene.stores, { runId, lease, workflowRun: by })).kind);
          return answer;
        };
        return { ...access, workflows: { ...access.workflows, dispatch } };
      },
    });
    await sweepRuns(room, noBounds);
    const ids = { first: run.workflowRun?.id, second: scene.started().at(-1)?.id };
    expect(ids.second).not.toBe(ids.first);
    expect(decided).toEqual(['begin', 'begun']);
    return { id: ids[which], run: await scene.stores.runs.read(runId) };
  }

  test('is carried out by the new one when that is here before its start is noted', async () => {
    const { id, run } = await comesFirst('second');
    expect(run).toMatchObject({ state: 'running', workflowRun: { id }, dispatched: { tries: 2 } });
  });

  test('stays with the first one when that came after all: noting the second start takes nothing from it', async () => {
    const { id, run } = await comesFirst('first');
    expect(run).toMatchObject({ state: 'running', workflowRun: { id } });
  });
});

describe('a run that was picked up', () => {
  test('ends, with a word, when its workflow run ended without one', async () => {
    await using scene = await dispatchScene();
    const { issue, runId, run } = await startedRun(scene);
    const lease = { key: run.task, leaseId: run.leaseId, fence: run.fence, expiresAt: 0 };
    const workflowRun = run.workflowRun ?? { id: 0, attempt: 1, url: '' };
    await beginWaitingRun({ ...scene.stores }, { runId, lease, workflowRun });
    expect(await sweepRuns(sweepRoom(scene), noBounds)).toMatchObject({ unheard: 0 });
    const room = sweepRoom(scene, { hasEnded: async () => true });
    expect(await sweepRuns(room, noBounds)).toMatchObject({ unheard: 1 });
    expect(await scene.stores.runs.read(runId)).toMatchObject({ state: 'failed' });
    expect((await scene.written(issue))[0]).toContain('ended without a word');
  });

  test('ends at once when GitHub tells that its workflow run has', async () => {
    await using scene = await dispatchScene();
    const { issue, runId, run } = await startedRun(scene);
    const lease = { key: run.task, leaseId: run.leaseId, fence: run.fence, expiresAt: 0 };
    await beginWaitingRun(
      { ...scene.stores },
      { runId, lease, workflowRun: run.workflowRun ?? { id: 0, attempt: 1, url: '' } },
    );
    scene.github.github.runs.update(run.workflowRun?.id ?? 0, { status: 'completed', conclusion: 'cancelled' });
    await expect
      .poll(() =>
        scene.github.events.some(({ name, payload }) => name === 'workflow_run' && payload['action'] === 'completed'),
      )
      .toBe(true);
    await takeDelivery(scene.room(), scene.lastDelivery('workflow_run'), message, signal);
    expect(await scene.stores.runs.read(runId)).toMatchObject({ state: 'failed' });
    expect((await scene.written(issue))[0]).toContain('ended without a word');
  });
});

describe('runs of several repositories', () => {
  async function withAnother(scene: DispatchScene) {
    const { runId } = await startedRun(scene);
    const gone = '01JD0000000000000000000000';
    const key = 'github/octo/gone/issues/1';
    const dispatched = { tries: 1, at: scene.clock.now(), traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` };
    const own = { leaseId: 'gone', fence: 1, startedAt: scene.clock.now() - minute };
    await scene.stores.runs.open(sampleRun(gone, { task: key, state: 'queued', dispatched, ...own }), 'test');
    endWorkflowRuns(scene);
    scene.clock.advance(2 * minute);
    return { runId };
  }

  test('are looked at although the App is gone from that of the first', async () => {
    await using scene = await dispatchScene();
    const { runId } = await withAnother(scene);
    expect(await sweepRuns(sweepRoom(scene), noBounds)).toMatchObject({ started: 1 });
    expect(await scene.stores.runs.read(runId)).toMatchObject({ dispatched: { tries: 2 } });
    expect(scene.log.join('\n')).toContain('01JD0000000000000000000000 could not be looked at');
  });

  test('are looked at although GitHub is in trouble for the first, which is told then', async () => {
    await using scene = await dispatchScene();
    const { runId } = await withAnother(scene);
    const plain = sweepRoom(scene);
    const busy = new EntropyError({ code: 'E205', message: 'busy', fix: 'wait', retryable: true });
    const connect: typeof plain.connect = (place) => {
      if (place.name === 'gone') throw busy;
      return plain.connect(place);
    };
    await expect(sweepRuns({ ...plain, connect }, noBounds)).rejects.toBe(busy);
    expect(await scene.stores.runs.read(runId)).toMatchObject({ dispatched: { tries: 2 } });
  });

  test('are looked at behind a thousand runs that somebody else opened', async () => {
    await using scene = await dispatchScene();
    const { runId } = await startedRun(scene);
    for (let at = 0; at < 1_000; at += 1) {
      const id = `01JE${String(at).padStart(22, '0')}`;
      const startedAt = scene.clock.now() + (at < 600 ? 5 : at);
      await scene.stores.runs.open(sampleRun(id, { task: 'github/octo/busy/issues/1', startedAt }), 'test');
    }
    endWorkflowRuns(scene);
    scene.clock.advance(2 * minute);
    expect(await sweepRuns(sweepRoom(scene), noBounds)).toMatchObject({ started: 1 });
    expect(await scene.stores.runs.read(runId)).toMatchObject({ dispatched: { tries: 2 } });
  });
});
